// A certificate: who a node is, signed with the ring's key by the Discovery node, which assigns ids anyway (Castro et al.,
// "Secure routing for structured peer-to-peer overlay networks", OSDI 2002, section 3: certified nodeIds).

import type { NodeId } from '../core/pastry/id.ts';
import { fromBase64url } from './base64url.ts';
import { statement } from './statement.ts';

/** node: a member of the ring. client: a command that is over in a moment; it gets into no table and sponsors nobody. */
export type Role = 'node' | 'client';

export interface Certificate {
  readonly role: Role;
  readonly nodeId: NodeId;
  /** Of this life of the id: larger than those of all former ones. Kept when the certificate is renewed. */
  readonly epoch: number;
  /** The browser profile or machine, as the node named it when it registered: characters of base64url, at most 64. */
  readonly device: string;
  /** Ed25519 public key, base64url: what the node says is signed with it. */
  readonly signKey: string;
  /** X25519 public key, base64url: what is only for the node is sealed with it. */
  readonly agreeKey: string;
  /** Seconds since 1970 on the Discovery node's clock. */
  readonly issued: number;
  readonly expires: number;
  /** Ed25519 signature of the rest by the ring's key, base64url. */
  readonly signature: string;
}

export type UnsignedCertificate = Omit<Certificate, 'signature'>;

/** Bytes of an Ed25519 or X25519 public key, and of an Ed25519 signature (RFC 8032, RFC 7748). */
export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** Characters of an encoded certificate: 64 digits of an id, 64 of a device, two keys of 43, a signature of 86, numbers, dots. */
export const MAX_CERTIFICATE_CHARACTERS = 400;

const FORMAT =
  /^(node|client)\.([0-9a-f]{1,64})\.([0-9]{1,15})\.([0-9A-Za-z_-]{1,64})\.([\w-]{43})\.([\w-]{43})\.([0-9]{1,12})\.([0-9]{1,12})\.([\w-]{86})$/;

/** One line of text without spaces. */
export function encodeCertificate(certificate: Certificate): string {
  const { role, nodeId, epoch, device, signKey, agreeKey, issued, expires, signature } = certificate;
  return [role, nodeId, epoch, device, signKey, agreeKey, issued, expires, signature].join('.');
}

/** Only the form is checked: whether the ring's key signed it is another question (certificateStatement). */
export function decodeCertificate(text: string): Certificate | undefined {
  if (text.length > MAX_CERTIFICATE_CHARACTERS) return undefined;
  const [, role, nodeId, epoch, device, signKey, agreeKey, issued, expires, signature] = FORMAT.exec(text) ?? [];
  if (role !== 'node' && role !== 'client') return undefined;
  if (nodeId === undefined || device === undefined || signKey === undefined || agreeKey === undefined) return undefined;
  if (signature === undefined || fromBase64url(signature, SIGNATURE_BYTES) === undefined) return undefined;
  if (fromBase64url(signKey, KEY_BYTES) === undefined || fromBase64url(agreeKey, KEY_BYTES) === undefined)
    return undefined;
  const certificate: Certificate = {
    role,
    device,
    signKey,
    agreeKey,
    signature,
    nodeId: nodeId as NodeId,
    epoch: Number(epoch),
    issued: Number(issued),
    expires: Number(expires),
  };
  // No second spelling of the same certificate: leading zeros are none of encodeCertificate's.
  return encodeCertificate(certificate) === text ? certificate : undefined;
}

/** What the ring's key signs. */
export function certificateStatement(ringKey: string, certificate: UnsignedCertificate): string {
  const { role, nodeId, epoch, device, signKey, agreeKey, issued, expires } = certificate;
  return statement('certificate', ringKey, [role, nodeId, epoch, device, signKey, agreeKey, issued, expires]);
}
