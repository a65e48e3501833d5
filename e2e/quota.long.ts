// Tabs whose disks are small: 300 MB are offered to five tabs of 40 MB each. A file is there whole, or refused with the room
// named; what was refused leaves no block behind once its minutes are over, and what is deleted makes room.

import { expect, test } from 'playwright/test';
import { bytesOf, copiesComplete, expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

const TABS = 5;
const QUOTA_BYTES = 40_000_000;
const FILES = 60;
const FILE_BYTES = 5_000_000;
/** A store that fails gives its blocks ten minutes, and as much again as it took; what no lease keeps is swept some minutes later. */
const ORPHANS_MS = 30 * 60_000;
const HOUR_MS = 3_600_000;

interface Kept {
  readonly tab: Tab;
  readonly file: TestFile;
  readonly link: string;
}

test('300 MB offered to five tabs of 40 MB each: whole or refused, no orphans, and room again after a deletion', async ({
  browser,
}) => {
  test.setTimeout(HOUR_MS);
  const ring = await Ring.start(browser);
  try {
    for (let opened = 0; opened < TABS; opened += 1) await isActive(await ring.open('/', (page) => withQuota(page)));
    await ring.settled();

    const kept: Kept[] = [];
    let refused = 0;
    for (let index = 0; index < FILES; index += 1) {
      const tab = at(ring.tabs, index);
      const file = fileOf(index);
      const outcome = await offered(tab, file);
      if ('link' in outcome) kept.push({ tab, file, link: outcome.link });
      else {
        refused += 1;
        expect(outcome.code).toBe('full');
        expect(outcome.message).toMatch(/\d+ MB left/);
      }
    }
    console.log(`${kept.length} of ${FILES} files stored, ${refused} refused`);
    expect(kept.length).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);

    for (const [index, { tab, file, link }] of kept.entries()) {
      const other = at(ring.tabs, ring.tabs.indexOf(tab) + 1 + (index % (TABS - 1)));
      expect(await fetchIn(other, link)).toEqual(expected(file));
    }

    const orphans = async (): Promise<number> => {
      const wanted = new Set((await Promise.all(kept.map(blocksOf))).flat());
      const held = (await Promise.all(ring.tabs.map(heldDigests))).flat();
      return held.filter((digest) => !wanted.has(digest)).length;
    };
    console.log(`${await orphans()} blocks of refused files are left at first`);
    await expect.poll(orphans, { timeout: ORPHANS_MS, intervals: [10_000] }).toBe(0);

    for (const { tab, link } of kept) await tab.page.evaluate((link) => window.tabring?.remove(link), link);
    await expect
      .poll(async () => (await Promise.all(ring.tabs.map(heldDigests))).flat(), { timeout: 60_000 })
      .toEqual([]);
    const again = at(ring.tabs, 0);
    const { link } = await storeIn(again, fileOf(FILES));
    await copiesComplete(again, 3);
    expect(await fetchIn(at(ring.tabs, 1), link)).toEqual(expected(fileOf(FILES)));
  } finally {
    await ring.stop();
  }
});

function fileOf(index: number): TestFile {
  return { name: `file ${index}`, type: '', size: FILE_BYTES, seed: index + 1 };
}

function at(tabs: readonly Tab[], index: number): Tab {
  const tab = tabs[index % tabs.length];
  if (tab === undefined) throw new Error('no tabs');
  return tab;
}

/** What the browser lets the page's origin keep. */
async function withQuota(page: Tab['page']): Promise<void> {
  const session = await page.context().newCDPSession(page);
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() || !frame.url().startsWith('http')) return;
    const origin = new URL(frame.url()).origin;
    session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA_BYTES }).catch(() => undefined);
  });
}

/** Its link, or what kept it from being stored. */
async function offered(tab: Tab, file: TestFile): Promise<{ link: string } | { code: string; message: string }> {
  return tab.page.evaluate(
    async ({ file, source }) => {
      const make: (file: TestFile) => Uint8Array<ArrayBuffer> = new Function(`return ${source}`)();
      if (window.tabring === undefined) throw new Error('not registered');
      try {
        const { link } = await window.tabring.store(new File([make(file)], file.name, { type: file.type }));
        return { link };
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        return { code: String(Reflect.get(error, 'code')), message: error.message };
      }
    },
    { file, source: bytesOf.toString() },
  );
}

/** The digests of all blocks of an own file. */
function blocksOf({ tab, link }: Kept): Promise<string[]> {
  return tab.page.evaluate(async (link) => {
    const status = await window.tabring?.fileStatus(link);
    return [status?.fileId ?? '', ...(status?.segments ?? []).map(({ digest }) => digest)];
  }, link);
}

function heldDigests(tab: Tab): Promise<string[]> {
  return tab.page.evaluate(() => (window.tabring?.listFiles().held ?? []).map(({ digest }) => digest));
}
