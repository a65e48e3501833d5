// A file stored in a ring of Node peers by the command line and fetched from it by the command line, and then in Chromium.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { intoChromium } from './into-chromium.ts';
import { PeerRing } from './peer-ring.ts';
import { checkDigest, writeRandom } from './random-file.ts';

/** The file, its three copies, what comes back, what Chromium keeps for later, and room. */
const COPIES = 6;

/** Rejects if it does not come back as it was, or takes too much memory. */
export async function byCommandLine(bytes: number): Promise<void> {
  const ring = await PeerRing.start(bytes, COPIES);
  try {
    const sent = join(ring.directory, 'from the command line.bin');
    const sha256 = await writeRandom(sent, bytes);
    const { stdout } = await ring.run(bytes, ['store', '-q', sent]);
    await rm(sent);
    const link = stdout.trim();
    const back = join(ring.directory, 'back.bin');
    await ring.run(bytes, ['retrieve', link, '-o', back]);
    await checkDigest(back, sha256);
    await rm(back);
    await intoChromium(ring, link, bytes, sha256);
  } finally {
    await ring.stop();
  }
}
