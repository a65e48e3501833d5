// Padding of sealed manifests and of folders, so that their length tells little: Padmé (Nikitin et al., "Reducing Metadata Leakage from
// Encrypted Files and Communication with PURBs", PETS 2019, section 4), of at most 12 %, from a least length on.

/** The length of the bytes stands before them, big-endian. */
const LENGTH_BYTES = 4;
/** Below this all are alike: a name and some segments fit. */
const MIN_PADDED_BYTES = 1_024;

/** `bytes` with their length before and zeros after them, in at most `maxBytes`; these must suffice. */
export function pad(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const needed = LENGTH_BYTES + bytes.length;
  const padded = new Uint8Array(Math.max(needed, Math.min(maxBytes, paddedLength(needed))));
  new DataView(padded.buffer).setUint32(0, bytes.length);
  padded.set(bytes, LENGTH_BYTES);
  return padded;
}

/** Undefined if they were not padded. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  if (padded.length < LENGTH_BYTES) return undefined;
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  return length > padded.length - LENGTH_BYTES ? undefined : padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}

/** The least length of Padmé's that is not below `length`: as many bits of it may be ones as its exponent has. */
export function paddedLength(length: number): number {
  if (length <= MIN_PADDED_BYTES) return MIN_PADDED_BYTES;
  const exponent = Math.floor(Math.log2(length));
  const bits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - bits);
  return Math.ceil(length / step) * step;
}
