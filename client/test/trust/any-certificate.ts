// A certificate that nobody signed, for tests of what never checks it.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { toBase64url } from '../../src/trust/base64url.ts';
import { type Certificate, KEY_BYTES, SIGNATURE_BYTES } from '../../src/trust/certificate.ts';

export function anyCertificate(nodeId: NodeId, more: Partial<Certificate> = {}): Certificate {
  const key = toBase64url(new Uint8Array(KEY_BYTES));
  const signature = toBase64url(new Uint8Array(SIGNATURE_BYTES));
  const times = { epoch: 1, issued: 1_800_000_000, expires: 1_800_086_400 };
  return { role: 'node', nodeId, device: 'device', signKey: key, agreeKey: key, signature, ...times, ...more };
}
