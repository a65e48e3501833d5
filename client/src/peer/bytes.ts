// Small helpers about bytes that the platform's types or Node 20 lack.

type PlainBytes = Uint8Array<ArrayBuffer>;

/** The same bytes for an API that takes no shared memory: without a copy, unless they are in shared memory. */
export function plainBytes(bytes: Uint8Array): PlainBytes {
  return isPlain(bytes) ? bytes : new Uint8Array(bytes);
}

function isPlain(bytes: Uint8Array): bytes is PlainBytes {
  return bytes.buffer instanceof ArrayBuffer;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Throws a DOMException if `text` is no base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Lower-case. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
