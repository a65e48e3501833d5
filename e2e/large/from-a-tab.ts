// A file on the disk, stored from a tab of Chromium by its file input, and fetched by the command line.

import { join } from 'node:path';
import type { Tab } from '../support/ring.ts';
import { PeerRing } from './peer-ring.ts';
import { checkDigest, writeRandom } from './random-file.ts';
import { memoryOf, openChromium } from './user-chromium.ts';
import { watched } from './watched.ts';

/** The file, its three copies, what the tab comes to hold, what comes back, and room. */
const COPIES = 6;

/** Rejects if it does not come back as it was, or takes too much memory. */
export async function fromATab(bytes: number): Promise<void> {
  const ring = await PeerRing.start(bytes, COPIES);
  try {
    const file = join(ring.directory, 'from a tab.bin');
    const sha256 = await writeRandom(file, bytes);
    const tab = await openChromium(ring.directory, ring.discovery.url);
    try {
      const quantities = [...(await memoryOf(tab)), ...ring.quantities];
      const link = await watched('stored from Chromium', bytes, quantities, () => storedBy(tab, file));
      await ring.run(bytes, ['retrieve', link, '-o', 'back.bin']);
    } finally {
      await tab.context.close();
    }
    await checkDigest(join(ring.directory, 'back.bin'), sha256);
  } finally {
    await ring.stop();
  }
}

/** Resolves with the link, when all copies are there. */
export async function storedBy({ page }: Tab, path: string): Promise<string> {
  await page.locator('#file-input').setInputFiles(path);
  const stored = await page.waitForFunction(
    () => window.tabring?.listFiles().own.find(({ copies, wanted }) => copies >= wanted)?.link,
    undefined,
    { polling: 500, timeout: 0 },
  );
  const link = await stored.jsonValue();
  if (link === undefined) throw new Error('stored without a link');
  return link;
}
