// Ids of messages, of the browser's or Node's own cryptographic randomness: who could guess one could answer in another's name.

const ID_BYTES = 16;

/** 128 random bits as lower-case hex characters. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
