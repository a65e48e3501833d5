// simple-peer wraps each message in a Buffer; a plain view of the same bytes does.

export const Buffer = { from: (bytes: ArrayBuffer): Uint8Array => new Uint8Array(bytes) };
