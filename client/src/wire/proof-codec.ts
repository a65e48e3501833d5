// Proofs on the wire: [certificate, signature], and null where there is none. Who it is, and of which device, is read from
// the certificate; whether the ring's key signed that, and its owner the rest, is found out behind (gate/).

import { BoundedMap } from '../core/bounded-map.ts';
import type { Proof } from '../core/proof.ts';
import { decodeCertificate, MAX_CERTIFICATE_CHARACTERS } from '../trust/certificate.ts';
import { type Codec, Malformed, text } from './json-codec.ts';

/** Certificates that were read lately: each is seen many times, and reading one takes as long as all else in a message. */
const MAX_REMEMBERED = 1_024;

/** An Ed25519 signature, base64url without padding. */
const signature = text('a signature', 86, /^[\w-]{86}$/);
export const certificate = text('a certificate', MAX_CERTIFICATE_CHARACTERS);

export function proofSchema(): Codec<Proof> {
  const bearers = new BoundedMap<string, Pick<Proof, 'by' | 'device'>>(MAX_REMEMBERED);
  return {
    encode: (proof) => [proof.certificate, proof.signature],
    decode(json) {
      if (!Array.isArray(json) || json.length !== 2) throw new Malformed('not a proof');
      const encoded = certificate.decode(json[0]);
      let bearer = bearers.get(encoded);
      if (bearer === undefined) {
        const decoded = decodeCertificate(encoded);
        if (decoded === undefined) throw new Malformed('not a certificate');
        bearer = { by: decoded.nodeId, device: decoded.device };
        bearers.set(encoded, bearer);
      }
      return { ...bearer, certificate: encoded, signature: signature.decode(json[1]) };
    },
  };
}
