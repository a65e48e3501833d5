import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { toBase64url } from '../../src/trust/base64url.ts';
import {
  type Certificate,
  certificateStatement,
  decodeCertificate,
  encodeCertificate,
} from '../../src/trust/certificate.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(toBase64url);
const certificates: fc.Arbitrary<Certificate> = fc.record({
  role: fc.constantFrom('node', 'client'),
  nodeId: fc.stringMatching(/^[0-9a-f]{1,64}$/).map((id) => id as NodeId),
  epoch: fc.nat(),
  device: fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/),
  signKey: bytes(32),
  agreeKey: bytes(32),
  issued: fc.nat(),
  expires: fc.nat(),
  signature: bytes(64),
});

describe('a certificate as text', () => {
  test('comes back as it was', () => {
    fc.assert(fc.property(certificates, (it) => void expect(decodeCertificate(encodeCertificate(it))).toEqual(it)));
  });

  test('has one spelling only', () => {
    fc.assert(
      fc.property(certificates, fc.nat(), fc.constantFrom('0', ' ', '.', 'A', '\n'), (it, at, more) => {
        const text = encodeCertificate(it);
        const place = at % (text.length + 1);
        const decoded = decodeCertificate(text.slice(0, place) + more + text.slice(place));
        if (decoded !== undefined) expect(decoded).not.toEqual(it);
      }),
    );
  });

  test('anything else is none, and nothing throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void expect(decodeCertificate(text)).toBeUndefined()));
  });

  test('two certificates never have one statement', () => {
    fc.assert(
      fc.property(certificates, certificates, (a, b) => {
        const same = encodeCertificate({ ...a, signature: b.signature }) === encodeCertificate(b);
        expect(certificateStatement('ring', a) === certificateStatement('ring', b)).toBe(same);
      }),
    );
    const [one] = fc.sample(certificates, 1);
    if (one !== undefined) expect(certificateStatement('a', one)).not.toBe(certificateStatement('b', one));
  });
});
