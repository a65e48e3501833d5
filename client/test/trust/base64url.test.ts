// Keys and signatures as text: what Node's own base64url says, and one spelling of each only.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64url, toBase64url } from '../../src/trust/base64url.ts';

test('bytes are written as Node writes them, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(fromBase64url(text, bytes.length)).toEqual(Uint8Array.from(bytes));
      expect(fromBase64url(text, bytes.length + 1)).toBeUndefined();
    }),
  );
});

test('any text is read as its only spelling, or not at all', () => {
  const characters = fc.constantFrom(...'AQgwZ-_09+/= é'.split(''));
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 12 }), (each) => {
      const text = each.join('');
      const bytes = fromBase64url(text);
      const isOnly = Buffer.from(text, 'base64url').toString('base64url') === text;
      expect(bytes === undefined ? undefined : toBase64url(bytes)).toBe(isOnly ? text : undefined);
    }),
    { numRuns: 2_000 },
  );
});
