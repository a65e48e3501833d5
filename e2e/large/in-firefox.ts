// A file on the disk, stored from a tab of Firefox and saved by another of it.

import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, expect, firefox } from 'playwright/test';
import { firefoxLaunch, whyNoFirefox } from '../support/firefox.ts';
import { openedFile } from '../support/page.ts';
import { isActive, newTab, register, type Tab } from '../support/ring.ts';
import { storedBy } from './from-a-tab.ts';
import { PeerRing } from './peer-ring.ts';
import { LARGEST_PAGE } from './process-memory.ts';
import { checkDigest, writeRandom } from './random-file.ts';
import { watched } from './watched.ts';

/** The file, its three copies, what comes back, what Firefox keeps for later, and room. */
const COPIES = 6.5;
const BEGIN_MS = 120_000;

/** Rejects if it does not come back as it was. Says why where there is no Firefox. */
export async function inFirefox(bytes: number): Promise<void> {
  const lacking = whyNoFirefox();
  if (lacking !== undefined) return console.log(`not in Firefox: ${lacking}`);
  const ring = await PeerRing.start(bytes, COPIES);
  const downloads = join(ring.directory, 'downloads');
  await mkdir(downloads);
  const fox = await firefox.launch({ ...firefoxLaunch(), downloadsPath: downloads });
  try {
    const file = join(ring.directory, 'from firefox.bin');
    const sha256 = await writeRandom(file, bytes);
    const quantities = [LARGEST_PAGE, ...ring.quantities];
    const storing = await openTab(fox, ring.discovery.url);
    const link = await watched('stored from Firefox', bytes, quantities, () => storedBy(storing, file));
    const fetching = await openTab(fox, link);
    await expect(openedFile(fetching)).toContainText('fetched as it is saved', { timeout: BEGIN_MS });
    const path = await watched('saved by Firefox', bytes, quantities, async () => {
      await openedFile(fetching).getByRole('button', { name: 'Save' }).click();
      return saved(downloads, bytes);
    });
    await checkDigest(path, sha256);
  } finally {
    await fox.close();
    await ring.stop();
  }
}

async function openTab(browser: Browser, url: string): Promise<Tab> {
  const tab = await newTab(browser, { explained: async (work) => void (await work) });
  await register(tab, url);
  await isActive(tab);
  return tab;
}

/** Resolves with the path of the file when it is as long as this: Firefox gives it its name at last. */
async function saved(folder: string, bytes: number): Promise<string> {
  for (;;) {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (!name.endsWith('.part') && (await stat(path)).size === bytes) return path;
    }
    await delay(200);
  }
}
