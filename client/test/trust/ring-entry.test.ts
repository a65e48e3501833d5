import { describe, expect, test } from 'vitest';
import {
  type EntryKeys,
  entryAnswer,
  entryKeysOf,
  entryProof,
  isEntryAnswer,
  newTerms,
  verifierOf,
} from '../../src/trust/ring-entry.ts';
import { entryStatement } from '../../src/trust/statement.ts';

const TERMS = { salt: 'AAECAwQFBgcICQoLDA0ODw', logN: 15 };
const TEXT = entryStatement('ring', 'challenge', 'key');

describe('the way into a closed ring', () => {
  test('who knows the secret proves it, and is proved that the other end could check', async () => {
    const keys = await entryKeysOf('correct horse', TERMS);
    const answer = entryAnswer(verifierOf(keys), TEXT, entryProof(keys, TEXT));
    expect(answer).toBeDefined();
    expect(isEntryAnswer(keys, TEXT, answer ?? '')).toBe(true);
  });

  test('keys are those of RFC 7914’s scrypt and HMAC-SHA-256, as another implementation makes them', async () => {
    // Node: c = scryptSync('correct horse', salt, 32, { N: 32768, r: 8, p: 1, maxmem: 64e6 }); createHmac('sha256', c)…
    const keys = await entryKeysOf('correct horse', TERMS);
    const { createHmac, scryptSync } = await import('node:crypto');
    const salt = Buffer.from(TERMS.salt, 'base64url');
    const salted = scryptSync('correct horse', salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64e6 });
    const keyed = (text: string): string => createHmac('sha256', salted).update(text).digest('base64url');
    expect(keys).toEqual({ client: keyed('client key'), server: keyed('server key') });
  });

  test('a proof of another secret, for another text, or made of the verifier opens nothing', async () => {
    const keys = await entryKeysOf('correct horse', TERMS);
    const verifier = verifierOf(keys);
    const other = await entryKeysOf('correct horses', TERMS);
    expect(entryAnswer(verifier, TEXT, entryProof(other, TEXT))).toBeUndefined();
    expect(entryAnswer(verifier, TEXT, entryProof(keys, entryStatement('ring', 'another', 'key')))).toBeUndefined();
    expect(entryAnswer(verifier, TEXT, entryProof(keys, entryStatement('ring', 'challenge', 'other')))).toBeUndefined();
    const stolen: EntryKeys = { client: verifier.stored, server: verifier.server };
    expect(entryAnswer(verifier, TEXT, entryProof(stolen, TEXT))).toBeUndefined();
  });

  test('an answer of somebody without the verifier is none', async () => {
    const keys = await entryKeysOf('correct horse', TERMS);
    const other = verifierOf(await entryKeysOf('another', TERMS));
    const forged = entryAnswer({ ...verifierOf(keys), server: other.server }, TEXT, entryProof(keys, TEXT));
    expect(isEntryAnswer(keys, TEXT, forged ?? '')).toBe(false);
    expect(isEntryAnswer(keys, TEXT, '')).toBe(false);
  });

  test('the same password from another keyboard, another salt of another ring', async () => {
    const [composed, decomposed] = await Promise.all(
      ['p\u00e4sswort', 'pa\u0308sswort'].map((text) => entryKeysOf(text, TERMS)),
    );
    expect(composed).toEqual(decomposed);
    expect(newTerms().salt).not.toBe(newTerms().salt);
    expect(await entryKeysOf('p\u00e4sswort', newTerms())).not.toEqual(composed);
  });
});
