// Files that nobody can know beforehand, of any size, and what tells whether two are the same.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

const PIECE_BYTES = 2 ** 20;

/** Resolves with the SHA-256 of what it has written, in hex. */
export async function writeRandom(path: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for (let position = 0; position < bytes; position += PIECE_BYTES) {
      const piece = randomBytes(Math.min(PIECE_BYTES, bytes - position));
      hash.update(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Rejects if the file's SHA-256 is another. */
export async function checkDigest(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) hash.update(piece);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} did not come back as it was`);
}
