// The one certificate that a description says its channel will have.

import { expect, test } from 'vitest';
import { describedFingerprint, plainFingerprint } from '../../src/links/fingerprint.ts';

const octets = (value: string): string => Array<string>(32).fill(value).join(':');
const line = (value: string, hash = 'sha-256'): string => `a=fingerprint:${hash} ${value}\r\n`;

test('is read from a description, of the session or of its media', () => {
  const media = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n';
  expect(describedFingerprint(`v=0\r\n${line(octets('AB'))}${media}`)).toBe('ab'.repeat(32));
  expect(describedFingerprint(`v=0\r\n${media}${line(octets('ab'), 'SHA-256')}a=setup:actpass\r\n`)).toBe(
    'ab'.repeat(32),
  );
});

test('may stand there twice, if it is the same', () => {
  expect(describedFingerprint(line(octets('AB')) + line(octets('ab')))).toBe('ab'.repeat(32));
});

test.each([
  ['none', 'v=0\r\na=setup:actpass\r\n'],
  ['two', line(octets('AB')) + line(octets('AC'))],
  ['one more by another hash', line(octets('AB')) + line('AB:AB:AB:AB', 'sha-1')],
  ['one by a weak hash', line(octets('AB'), 'md5')],
  ['too few octets', line('AB:AB')],
  ['something else', line('none')],
  [
    'a second one, written so that only some read it',
    `${line(octets('AB'))} a = fingerprint:sha-256 ${octets('AC')}\r\n`,
  ],
  ['a second one after a lone return', `${line(octets('AB'))}s=-\r${line(octets('AC'))}`],
])('is refused: %s', (_, sdp) => {
  expect(describedFingerprint(sdp)).toBeUndefined();
});

test('as Node tells it', () => {
  expect(plainFingerprint(octets('0F'))).toBe('0f'.repeat(32));
  expect(plainFingerprint('')).toBeUndefined();
});
