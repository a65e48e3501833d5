// Bytes as text for keys and signatures: base64url without padding (RFC 4648, section 5).

export function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Undefined unless `text` is what toBase64url makes of `length` bytes: another spelling of the same bytes is refused. */
export function fromBase64url(text: string, length?: number): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  let binary: string;
  try {
    binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined; // a length that no bytes have
  }
  if (length !== undefined && binary.length !== length) return undefined;
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : undefined;
}
