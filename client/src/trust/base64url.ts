// Bytes as text for keys and signatures: base64url without padding (RFC 4648, section 5). By tables, since it is done for
// every signal and every link several times.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NONE = 255;
/** Of each character's code its value, or NONE. */
const VALUES = new Uint8Array(128).fill(NONE);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let waiting = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    waiting += 8;
    while (waiting >= 6) {
      waiting -= 6;
      text += ALPHABET.charAt((bits >> waiting) & 63);
    }
  }
  return waiting === 0 ? text : text + ALPHABET.charAt((bits << (6 - waiting)) & 63);
}

/** Undefined unless `text` is what toBase64url makes of `length` bytes: another spelling of the same bytes is refused. */
export function fromBase64url(text: string, length?: number): Uint8Array<ArrayBuffer> | undefined {
  const count = (text.length * 6) >> 3;
  if (length !== undefined && count !== length) return undefined;
  const bytes = new Uint8Array(count);
  let bits = 0;
  let waiting = 0;
  let filled = 0;
  for (let place = 0; place < text.length; place += 1) {
    const value = VALUES[text.charCodeAt(place)] ?? NONE;
    if (value === NONE) return undefined;
    bits = (bits << 6) | value;
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    bytes[filled] = bits >> waiting;
    filled += 1;
  }
  // A character too many, or bits that no byte needed.
  if (waiting >= 6 || (bits & ((1 << waiting) - 1)) !== 0) return undefined;
  return bytes;
}
