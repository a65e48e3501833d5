// Ids of messages, of the browser's or Node's own cryptographic randomness: who could guess one could answer in another's name.

const ID_BYTES = 16;
/** Drawn at once: a draw costs as much for many bytes as for few. */
const IDS_AT_ONCE = 64;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const drawn = new Uint8Array(ID_BYTES * IDS_AT_ONCE);
let used = drawn.length;

/** 128 random bits as lower-case hex characters. */
export function randomId(): string {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  let id = '';
  for (const end = used + ID_BYTES; used < end; used += 1) id += HEX[drawn[used] ?? 0];
  return id;
}
