// Bytes for interfaces that take no shared memory.

type PlainBytes = Uint8Array<ArrayBuffer>;

/** The same bytes: without a copy, unless they are in shared memory. */
export function plainBytes(bytes: Uint8Array): PlainBytes {
  return isPlain(bytes) ? bytes : new Uint8Array(bytes);
}

function isPlain(bytes: Uint8Array): bytes is PlainBytes {
  return bytes.buffer instanceof ArrayBuffer;
}
