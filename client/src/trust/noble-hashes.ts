// Hash functions of @noble/hashes, for what has to be the same where WebCrypto is missing, and for scrypt, which it never has.

export { hkdf } from '@noble/hashes/hkdf.js';
export { hmac } from '@noble/hashes/hmac.js';
export { scryptAsync } from '@noble/hashes/scrypt.js';
export { sha256 } from '@noble/hashes/sha2.js';
