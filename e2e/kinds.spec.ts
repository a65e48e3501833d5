// Chromium, Firefox and Node in one ring, two of each: exact leaf sets, right roots, and files from every kind to every kind.

import { createHash, randomBytes } from 'node:crypto';
import { type Browser, expect, firefox, test } from 'playwright/test';
import { closestId, type Id, idFromPrefix } from '../client/src/core/pastry/id.ts';
import { composeNodePeer, type NodePeer } from '../client/src/node/compose.ts';
import { wrongLeafSets } from '../client/src/node/leaf-sets.ts';
import type { PeerInspection } from '../client/src/peer/api.ts';
import { bytesOf, expected, type FetchedFile, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { firefoxLaunch, whyNoFirefox } from './support/firefox.ts';
import { inspect, Ring, type Tab } from './support/ring.ts';

const TEST_MS = 300_000;
const SETTLE_MS = 120_000;
/** Each looked up by every node. */
const KEYS = 10;
const SEGMENT_BYTES = 128 * 1024;
/** Three segments, and a size that is no multiple of anything. */
const FILE_BYTES = 300_017;

/** What this test does with a node, whatever it is. */
interface Member {
  readonly kind: 'Chromium' | 'Firefox' | 'Node';
  inspect(): Promise<PeerInspection>;
  rootOf(key: string): Promise<Id | undefined>;
  /** Returns the file's link. */
  store(file: TestFile): Promise<string>;
  fetch(link: string): Promise<FetchedFile>;
}

const noFirefox = whyNoFirefox();

test('2 tabs in Chromium, 2 in Firefox and 2 Node peers are one ring, and hand files to each other', async ({
  browser,
}) => {
  test.skip(noFirefox !== undefined, noFirefox);
  test.setTimeout(TEST_MS);
  const ring = await Ring.start(browser, { params: { segmentBytes: SEGMENT_BYTES } });
  const fox = await firefox.launch(firefoxLaunch());
  const peers: NodePeer[] = [];
  try {
    const members = await test.step('the six join', () => sixMembers(ring, browser, fox, peers));
    const inspections = () => Promise.all(members.map((member) => member.inspect()));
    await test.step('their leaf sets become exact', async () => {
      const settled = expect.poll(async () => wrongLeafSets(await inspections()), { timeout: SETTLE_MS }).toEqual([]);
      await ring.explained(settled);
    });

    const ids = (await inspections()).map(({ nodeId }) => nodeId);
    expect(new Set(ids).size).toBe(members.length);
    for (let count = 0; count < KEYS; count += 1) {
      const key = idFromPrefix(randomBytes(16).toString('hex'), 32);
      if (key === undefined) throw new Error('no key');
      const roots = await test.step('a lookup', () => Promise.all(members.map((member) => member.rootOf(key))));
      expect(new Set(roots)).toEqual(new Set([closestId(key, ids)]));
    }

    // One of each kind stores a file, and all others fetch it.
    const storers = members.slice(0, members.length / 2);
    const files = storers.map(({ kind }, seed) => ({ name: `of ${kind}.bin`, type: '', size: FILE_BYTES, seed }));
    const links = await test.step('each stores a file', () =>
      Promise.all(storers.map((member, index) => member.store(fileAt(files, index)))));
    for (const [to, member] of members.entries()) {
      for (const [from, link] of links.entries()) {
        if (from === to) continue;
        const file = fileAt(files, from);
        const name = `${file.name} in ${member.kind} ${to}`;
        const fetched = await test.step(name, () => member.fetch(link));
        expect(fetched, name).toEqual(expected(file));
      }
    }
    for (const tab of ring.tabs) expect(tab.complaints).toEqual([]);
  } finally {
    await Promise.all(peers.map((peer) => peer.goodbye()));
    await ring.stop();
    await fox.close();
  }
});

/** One of each kind after the other, twice, so that each joins through others. */
async function sixMembers(ring: Ring, chrome: Browser, fox: Browser, peers: NodePeer[]): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (let round = 0; round < 2; round += 1) {
    members.push(tabMember('Chromium', await ring.open('/', undefined, chrome)));
    members.push(tabMember('Firefox', await ring.open('/', undefined, fox)));
    const peer = await composeNodePeer({ server: ring.discovery.url });
    peers.push(peer);
    await peer.peer.start();
    members.push(nodeMember(peer));
  }
  return members;
}

function tabMember(kind: Member['kind'], tab: Tab): Member {
  return {
    kind,
    inspect: () => inspect(tab),
    rootOf: async (key) => (await tab.page.evaluate((key) => window.tabring?.lookup(key), key))?.root,
    store: async (file) => (await storeIn(tab, file)).link,
    fetch: (link) => fetchIn(tab, link),
  };
}

function nodeMember({ peer }: NodePeer): Member {
  return {
    kind: 'Node',
    inspect: async () => peer.inspect(),
    rootOf: async (key) => (await peer.lookup(key)).root,
    store: async (file) =>
      (await peer.store(new File([new Uint8Array(bytesOf(file))], file.name, { type: file.type }))).link,
    async fetch(link) {
      const file = await peer.retrieve(link);
      const bytes = new Uint8Array(await (await file.blob()).arrayBuffer());
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { name: file.name, type: file.type, size: file.size, sha256 };
    },
  };
}

function fileAt(files: readonly TestFile[], index: number): TestFile {
  const file = files[index];
  if (file === undefined) throw new Error(`no file ${index}`);
  return file;
}
