// A tab put together in a profile that has a past: what an earlier version left in IndexedDB, keys that are gone, another
// ring at the same address, the same identity twice. Real IndexedDB semantics, and a real Discovery node.

import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type DiscoveryNode, type DiscoveryOptions, startDiscoveryNode } from '../../../signaling/server.ts';
import type { PeerEvent } from '../../src/peer/api.ts';
import { IdbMap } from '../../src/stores/idb.ts';
import { IdbBlockStore } from '../../src/stores/idb-block-store.ts';
import { RingKeyChanged } from '../../src/stores/ring-pins.ts';
import { composeTab, type Tab, type TabOptions } from '../../src/web/compose.ts';
import { noticeText } from '../../src/web/text/news-text.ts';
import { blockRef } from '../contracts/block-store.ts';

const ID = '3f2a'.padEnd(32, '0');
const SECRET = '5ec2e7'.padEnd(32, '0');
const BLOCK = { ...blockRef(1, 10), key: ID.replace('3', '4') as ReturnType<typeof blockRef>['key'] };

const tabs: Tab[] = [];
let discovery: DiscoveryNode;

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  inBrowserTab();
});
afterEach(async () => {
  for (const tab of tabs.splice(0)) tab.goodbye();
  await discovery.close();
  vi.unstubAllGlobals();
});

/** What is a tab's own. Locks are granted always: each tab is alone in its browser. */
function inBrowserTab(): void {
  const notes = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => notes.get(name) ?? null,
    setItem: (name: string, text: string) => notes.set(name, text),
    removeItem: (name: string) => notes.delete(name),
  });
  const request = (name: string, _: LockOptions, hold: (lock: Lock) => Promise<void>) =>
    hold({ name, mode: 'exclusive' });
  vi.stubGlobal('navigator', { locks: { request } });
}

async function start(options: DiscoveryOptions = {}): Promise<void> {
  discovery = await startDiscoveryNode({ host: '127.0.0.1', ...options });
}

async function open(options: Partial<TabOptions> = {}) {
  const notices: string[] = [];
  const tab = await composeTab({
    url: discovery.url,
    wantedId: undefined,
    acceptedRingKey: undefined,
    waiting: () => undefined,
    notify: (notice) => notices.push(...[noticeText(notice) ?? []].flat()),
    served: () => undefined,
    entry: { prove: () => Promise.reject(new Error('open rings only')), wrong: async () => undefined },
    ...options,
  });
  tabs.push(tab);
  const events: PeerEvent[] = [];
  tab.peer.subscribe((event) => events.push(event));
  await tab.peer.start();
  await vi.waitUntil(() => tab.peer.status === 'active', { timeout: 60_000 });
  const held = tab.peer.listFiles().held.map(({ digest }) => digest);
  return { tab, notices, events, held, nodeId: tab.peer.nodeId };
}

function close(tab: Tab): void {
  tabs.splice(tabs.indexOf(tab), 1);
  tab.goodbye();
}

/** A profile as the version before certificates left it: an identity with a secret, databases named after its id. */
async function oldProfile(): Promise<void> {
  const settings = new IdbMap('tabring:profile:settings', 'settings');
  await settings.set('device', 'd'.repeat(32));
  await settings.set('identities', [{ nodeId: ID, secret: SECRET, epoch: 1_750_000_003, usedAt: 1_750_000_000_123 }]);
  const store = await IdbBlockStore.open(ID);
  await store.put(BLOCK, new Uint8Array(10));
  await store.close();
  const file = {
    fileId: 'f'.repeat(64),
    name: 'mine.txt',
    type: '',
    size: 10,
    storedAt: 1_750_000_000_000,
    copies: 1,
    wanted: 3,
  };
  await new IdbMap(`tabring:${ID}:settings`, 'settings').set('own-files', [file]);
}

test('a profile of an earlier version is taken over: id, device and blocks stay, keys come, the secret goes', async () => {
  await start();
  await oldProfile();
  const { tab, nodeId, held, notices } = await open();
  expect(nodeId).toBe(ID);
  expect(tab.peer.inspect().devices[nodeId]).toBe('d'.repeat(32));
  expect(held).toEqual([BLOCK.digest]);
  expect(notices).toEqual([]);
  const identities = await new IdbMap('tabring:profile:settings', 'settings').get('identities');
  expect(identities).toMatchObject([{ name: ID, nodeId: ID }]);
  expect(JSON.stringify(identities)).not.toContain(SECRET);
  expect(await new IdbMap('tabring:profile:keys', 'keys').get(ID)).toMatchObject({ kind: 'browser' });
});

test('one whose id is not given back goes on under another with all it held, in words, also after a reload', async () => {
  await start({ chosenIds: 'none' });
  await oldProfile();
  const first = await open();
  const { nodeId, held, notices } = first;
  expect(nodeId).not.toBe(ID);
  expect(held).toEqual([BLOCK.digest]);
  expect(notices).toEqual([
    `This tab was 3f2a… and is ${nodeId.slice(0, 4)}… from now on: an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from where you are. What it held goes on with it: 1 block.`,
  ]);
  expect(first.tab.peer.listFiles().own).toMatchObject([{ name: 'mine.txt' }]);
  close(first.tab);
  expect(await open()).toMatchObject({ nodeId, held, notices: [] });
});

test('a profile whose keys did not move with it is another node, with what it held, in words', async () => {
  await start();
  await oldProfile();
  const first = await open();
  close(first.tab);
  // As in a profile that was moved: the names are there, and no keys that this browser can use.
  await new IdbMap('tabring:profile:keys', 'keys').set(ID, { kind: 'browser', sign: {}, agree: {} });
  const { nodeId, held, notices } = await open();
  expect(nodeId).not.toBe(ID);
  expect(held).toEqual([BLOCK.digest]);
  expect(notices).toEqual([
    `This tab was 3f2a… and is ${nodeId.slice(0, 4)}… from now on: this browser no longer has the keys that prove the right to the old id. What it held goes on with it: 1 block.`,
  ]);
});

test('a closed tab’s identity comes back by its keys, to whom no id is granted otherwise', async () => {
  await start();
  const first = await open({ wantedId: '3f2a' });
  expect(first.nodeId).toBe(ID);
  close(first.tab);
  const { port, ring } = discovery;
  await discovery.close();
  await start({ port, ring, chosenIds: 'none' });
  expect(await open()).toMatchObject({ nodeId: ID, notices: [] });
});

test('a copied profile is one node: the tab that was first stops and says so, the other goes on', async () => {
  await start();
  const first = await open();
  const second = await open();
  expect(second.nodeId).toBe(first.nodeId);
  await vi.waitUntil(() => first.tab.peer.status === 'left', { timeout: 60_000 });
  expect(first.events).toContainEqual({ type: 'discovery', state: 'displaced', message: '' });
  expect(second.tab.peer.status).toBe('active');
  expect(discovery.nodes().map(({ nodeId }) => nodeId)).toEqual([second.nodeId]);
});

test('another ring key is told and refused until the one that was shown is accepted', async () => {
  await start();
  const first = await open();
  close(first.tab);
  const { port } = discovery;
  await discovery.close();
  await start({ port });
  const failure: unknown = await open().catch((error: unknown) => error);
  if (!(failure instanceof RingKeyChanged)) throw new Error('not told');
  expect(discovery.peers()).toBe(0);
  const again = await open({ acceptedRingKey: failure.ringKey });
  expect(again.nodeId).toBe(first.nodeId);
  close(again.tab);
  await open();
});
