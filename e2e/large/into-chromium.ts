// A file that is in a ring of Node peers, saved by a tab to the disk: through the service worker, as browsers without a file picker do.

import { rm } from 'node:fs/promises';
import { expect } from 'playwright/test';
import { openedFile } from '../support/page.ts';
import type { PeerRing } from './peer-ring.ts';
import { checkDigest } from './random-file.ts';
import { memoryOf, openChromium } from './user-chromium.ts';
import { watched } from './watched.ts';

/** The file is looked up, and the browser begins; on a crowded machine. */
const BEGIN_MS = 120_000;

/** Rejects if it does not come as it is, or takes too much memory. */
export async function intoChromium(ring: PeerRing, link: string, bytes: number, sha256: string): Promise<void> {
  const tab = await openChromium(ring.directory, link);
  try {
    const row = openedFile(tab);
    await expect(row).toContainText('fetched as it is saved', { timeout: BEGIN_MS });
    const quantities = [...(await memoryOf(tab)), ...ring.quantities];
    const path = await watched('saved by Chromium', bytes, quantities, async () => {
      const begun = tab.page.waitForEvent('download', { timeout: BEGIN_MS });
      await row.getByRole('button', { name: 'Save' }).click();
      const download = await begun;
      if (!download.url().includes('/save/')) throw new Error(`not from the service worker: ${download.url()}`);
      return download.path();
    });
    await checkDigest(path, sha256);
    await rm(path);
  } finally {
    await tab.context.close();
  }
}
