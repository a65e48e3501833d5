// Bytes as text for keys and signatures: base64url without padding (RFC 4648, section 5).

export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Undefined unless `text` is what toBase64url makes of `length` bytes: another spelling of the same bytes is refused. */
export function fromBase64url(text: string, length?: number): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  let binary: string;
  try {
    binary = atob(base64);
  } catch {
    return undefined; // a length that no bytes have
  }
  if (length !== undefined && binary.length !== length) return undefined;
  if (btoa(binary).replaceAll('=', '') !== base64) return undefined;
  // Several for each signal, so without a call for each byte.
  const bytes = new Uint8Array(binary.length);
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = binary.charCodeAt(place);
  return bytes;
}
