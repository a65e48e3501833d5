import { expect, test } from 'vitest';
import { enteredSecret } from '../../src/web/text/entered-secret.ts';

test('of an invitation’s link it is the invitation', () => {
  expect(enteredSecret(' https://ring.example/r/class-3b/#/join/AAECAwQFBgcICQoLDA0ODw\n')).toBe(
    'AAECAwQFBgcICQoLDA0ODw',
  );
});

test.each(['open, Sesame', ' open ', 'https://ring.example/', 'mailto:someone', '#/join/AAEC'])(
  '%j is a password as it stands',
  (text) => {
    expect(enteredSecret(text)).toBe(text);
  },
);
