// Proofs on the wire: what comes in says who it is of by its certificate alone.

import { describe, expect, it } from 'vitest';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import { Malformed, optional } from '../../src/wire/json-codec.ts';
import { proofSchema } from '../../src/wire/proof-codec.ts';
import { idOf } from '../peer/ids.ts';
import { Authority } from '../trust/authority.ts';

const signature = 'A'.repeat(86);
const authority = await Authority.create();
const { certificate } = await authority.credentials(idOf('0001', 4), { device: 'mine' });
const encoded = encodeCertificate(certificate);
const codec = optional(proofSchema());

describe('a proof', () => {
  it('comes back equal, its speaker and device read from the certificate', () => {
    const proof = { by: idOf('0001', 4), device: 'mine', certificate: encoded, signature };
    expect(codec.encode(proof)).toEqual([encoded, signature]);
    expect(codec.decode([encoded, signature])).toEqual(proof);
    expect(codec.decode([encoded, signature])).toEqual(proof);
  });

  it('may be missing', () => {
    expect(codec.encode(undefined)).toBeNull();
    expect(codec.decode(null)).toBeUndefined();
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ['text', encoded],
    ['nothing but a certificate', [encoded]],
    ['a certificate that is none', ['node.0001.1', signature]],
    ['a certificate that is too long', [encoded.padEnd(401, '0'), signature]],
    ['a certificate that is no text', [7, signature]],
    ['a short signature', [encoded, 'A'.repeat(85)]],
    ['a signature that is no base64url', [encoded, '+'.repeat(86)]],
    ['a third part', [encoded, signature, 1]],
  ];
  for (const [what, json] of refused) {
    it(`is not ${what}`, () => expect(() => codec.decode(json)).toThrow(Malformed));
  }
});
