// A Chromium as a user has it: its profile is a folder on the disk. The contexts of other tests are private windows, which
// keep in memory what pages store.

import { join } from 'node:path';
import { chromium } from 'playwright/test';
import { chromiumLaunch } from '../support/chromium.ts';
import { isActive, register, type Tab } from '../support/ring.ts';
import { LARGEST_PAGE } from './process-memory.ts';
import type { Quantity } from './watched.ts';

const MAX_HEAP_BYTES = 200e6;

/** Opens an address in a new one, which is asked for no place when it saves; until the tab is active. */
export async function openChromium(directory: string, url: string): Promise<Tab> {
  const context = await chromium.launchPersistentContext(join(directory, 'chromium'), {
    ...chromiumLaunch(),
    downloadsPath: join(directory, 'downloads'),
  });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  const tab: Tab = { page, context, complaints: [], ring: { explained: async (work) => void (await work) } };
  await register(tab, url);
  await isActive(tab);
  return tab;
}

/** No garbage is collected for it. */
export async function memoryOf({ context, page }: Tab): Promise<readonly Quantity[]> {
  const session = await context.newCDPSession(page);
  const heap = async (): Promise<number> => {
    const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
    return usedSize + backingStorageSize;
  };
  return [{ name: 'JS heap with its buffers', look: heap, maxBytes: MAX_HEAP_BYTES }, LARGEST_PAGE];
}
