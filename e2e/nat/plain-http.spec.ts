// A page by plain http from another machine, as a Discovery node in a network at home serves it: the browser gives it neither WebCrypto
// nor service workers. A private file is stored in one browser and fetched in another all the same.

import { type Browser, expect, type JSHandle, test } from 'playwright/test';
import { bytesOf, copiesComplete, storeIn, type TestFile } from '../support/files.ts';
import { isActive, newTab, register, type Tab } from '../support/ring.ts';
import { startBrowserIn } from './browser-in.ts';
import { whyNoNamespaces } from './namespaces.ts';
import { DISCOVERY_URL, startServers } from './public-servers.ts';
import { timed } from './timed.ts';
import { buildNetwork } from './two-homes.ts';

const FILE: TestFile = { name: 'private.mp4', type: 'video/mp4', size: 20_000_000, seed: 6 };
/** All copies that a ring of two has. */
const COPIES = 2;
const WITH_KEY = /\/f\/[0-9a-f]{64}\.[\w-]{43}$/;

const noNamespaces = whyNoNamespaces();

test('plain http on an address of a network: a private file of 20 MB from one browser to another', async () => {
  test.skip(noNamespaces !== undefined, noNamespaces);
  const network = await buildNetwork({ a: 'cone', b: 'cone' });
  const browsers: Browser[] = [];
  const start = async (computer: 'a1' | 'a2'): Promise<Browser> => {
    const browser = await startBrowserIn(network.computers[computer], 'chromium');
    browsers.push(browser);
    return browser;
  };
  const open = async (browser: Browser): Promise<Tab> => {
    const tab = await newTab(browser, { explained: async (work) => void (await work) });
    await register(tab, DISCOVERY_URL);
    await isActive(tab);
    expect(await tab.page.evaluate(() => isSecureContext)).toBe(false);
    return tab;
  };
  try {
    await startServers(network.public, { ice: 'none' });
    const sender = await start('a1');
    const [storing] = [await open(sender), await open(sender)];
    const { link } = await timed('stored', FILE.size, async () => {
      const stored = await storeIn(storing, FILE, { isPublic: false });
      await copiesComplete(storing, COPIES);
      return stored;
    });
    expect(link).toMatch(WITH_KEY);
    const fetching = await open(await start('a2'));
    const fetched = await timed('fetched', FILE.size, () => fetchedIn(fetching, link));
    expect(await isTheFile(fetched)).toBe(true);
  } finally {
    await Promise.allSettled(browsers.map((browser) => browser.close()));
    await network.remove();
  }
});

function fetchedIn(tab: Tab, link: string): Promise<JSHandle<Blob>> {
  return tab.page.evaluateHandle(async (link) => {
    if (window.tabring === undefined) throw new Error('not registered');
    return (await window.tabring.retrieve(link)).blob();
  }, link);
}

/** Byte for byte: such a page cannot compute digests. */
function isTheFile(fetched: JSHandle<Blob>): Promise<boolean> {
  return fetched.evaluate(
    async (blob, { file, source }) => {
      const make: (file: TestFile) => Uint8Array = new Function(`return ${source}`)();
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return bytes.length === file.size && make(file).every((byte, index) => byte === bytes[index]);
    },
    { file: FILE, source: bytesOf.toString() },
  );
}
