// Who a peer of a directory is: it keeps its id by its keys, takes over what an earlier version left there, notices another
// ring, and gives way to its own identity elsewhere. Real peers and Discovery nodes.

import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createRing } from '../../../signaling/ring.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { composeNodePeer, type NodePeer, type NodePeerOptions } from '../../src/node/compose.ts';
import { LightNode } from '../../src/node/light-node.ts';
import type { PeerEvent } from '../../src/peer/api.ts';
import { FsBlockStore } from '../../src/stores/fs-block-store.ts';
import { Command } from './command.ts';
import { NodePeers, until } from './node-peers.ts';

const ID = '3f2a'.padEnd(32, '0');
const SECRET = '5ec2e7'.padEnd(32, '0');

let ring: NodePeers;
afterEach(() => ring.stop());

async function start(options: Parameters<typeof NodePeers.start>[0] = {}): Promise<void> {
  ring = await NodePeers.start(options);
}

/** A directory as the version before certificates left it, with a block. Returns its path and the block's digest. */
async function oldDirectory(): Promise<{ readonly dir: string; readonly digest: string }> {
  const dir = ring.path('old');
  await mkdir(join(dir, 'settings'), { recursive: true });
  const record = { nodeId: ID, secret: SECRET, epoch: 1_750_000_003, usedAt: 1_750_000_000_123 };
  await writeFile(join(dir, 'settings', 'device.json'), JSON.stringify('d'.repeat(32)));
  await writeFile(join(dir, 'settings', 'identities.json'), JSON.stringify([record]));
  const bytes = new Uint8Array(randomBytes(1_000));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const store = await FsBlockStore.open(dir);
  await store.put({ digest, key: keyOf(digest), size: bytes.length }, bytes);
  await store.close();
  return { dir, digest };
}

function keyOf(digest: string) {
  return digest.slice(0, 32) as Parameters<FsBlockStore['put']>[0]['key'];
}

/** All files of a directory and what is in them, but for blocks. */
async function texts(dir: string): Promise<string> {
  const paths = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = paths.filter((path) => path.isFile() && !path.parentPath.endsWith('blocks'));
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))).join('\n');
}

async function open(options: Omit<NodePeerOptions, 'server'>) {
  const notices: string[] = [];
  const node = await ring.open({ ...options, notify: (notice) => notices.push(notice) });
  return { node, notices, held: node.peer.listFiles().held.map(({ digest }) => digest) };
}

describe('a directory of an earlier version', () => {
  test('is taken over: id, device and blocks stay, keys come, the secret goes', async () => {
    await start();
    const { dir, digest } = await oldDirectory();
    const { node, notices, held } = await open({ dir });
    expect(node.peer.nodeId).toBe(ID);
    expect(node.peer.inspect().devices[node.peer.nodeId]).toBe('d'.repeat(32));
    expect(held).toEqual([digest]);
    expect(notices).toEqual([]);
    const keyFile = join(dir, 'keys', `${ID}.json`);
    if (process.platform !== 'win32') expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    await ring.leave(node);
    expect(await texts(dir)).not.toContain(SECRET);
    expect((await open({ dir })).node.peer.nodeId).toBe(ID);
  });

  test('whose id is not given back goes on under another one with its blocks, says so, and keeps that one', async () => {
    await start({ chosenIds: 'none' });
    const { dir, digest } = await oldDirectory();
    const { node, notices, held } = await open({ dir });
    const { nodeId } = node.peer;
    expect(nodeId).not.toBe(ID);
    expect(held).toEqual([digest]);
    expect(notices).toEqual([
      `this node was ${ID} and is ${nodeId} from now on: an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from here; what it held goes on with it (1 block)`,
    ]);
    await ring.leave(node);
    const again = await open({ dir });
    expect(again.node.peer.nodeId).toBe(nodeId);
    expect(again.notices).toEqual([]);
    expect(again.held).toEqual([digest]);
  });

  test('brings a file back into the ring under whatever id it gets', async () => {
    await start({ chosenIds: 'none' });
    const dir = ring.path('peer');
    const first = await open({ dir });
    const file = new File([randomBytes(600_000)], 'kept.bin');
    const { fileId, link } = await first.node.peer.store(file);
    await ring.leave(first.node);
    // As the version before certificates would have left it.
    await rm(join(dir, 'keys'), { recursive: true });
    const { nodeId } = first.node.peer;
    const record = { nodeId, secret: SECRET, epoch: 1_750_000_003, usedAt: 1_750_000_000_123 };
    await writeFile(join(dir, 'settings', 'identities.json'), JSON.stringify([record]));
    const other = await ring.open();
    const back = await open({ dir });
    expect(back.node.peer.nodeId).not.toBe(nodeId);
    await ring.settled();
    expect((await (await other.peer.retrieve(link)).blob()).size).toBe(600_000);
    expect(back.node.peer.listFiles().own).toMatchObject([{ fileId, name: 'kept.bin' }]);
  });

  test('whose id another node has got meanwhile says that', async () => {
    await start();
    const { dir } = await oldDirectory();
    await ring.open({ wantedId: ID });
    const { node, notices } = await open({ dir });
    expect(notices).toEqual([
      `this node was ${ID} and is ${node.peer.nodeId} from now on: another node has the old id by now; what it held goes on with it (1 block)`,
    ]);
  });
});

describe('a directory', () => {
  test('keeps its id by its keys alone, also at a Discovery node that lets nobody choose and has forgotten everybody', async () => {
    const keys = await createRing();
    await start({ ring: keys });
    const dir = ring.path('peer');
    const first = await open({ dir, wantedId: ID });
    expect(first.node.peer.nodeId).toBe(ID);
    await ring.leave(first.node);
    const { keys: ringKeys } = keys;
    const forgetful = await startDiscoveryNode({
      ...{ host: '127.0.0.1', chosenIds: 'none', ring: { ...(await createRing()), keys: ringKeys } },
    });
    const again = await composeNodePeer({ server: forgetful.url, dir });
    expect(again.peer.nodeId).toBe(ID);
    await again.goodbye();
    await forgetful.close();
  });

  test('without its keys is another node, with its blocks and in words', async () => {
    await start();
    const dir = ring.path('peer');
    const first = await open({ dir, wantedId: ID });
    await ring.leave(first.node);
    const store = await FsBlockStore.open(dir);
    const digest = 'ab'.repeat(32);
    await store.put({ digest, key: keyOf(digest), size: 3 }, new Uint8Array(3));
    await store.close();
    await rm(join(dir, 'keys'), { recursive: true });
    const { node, notices } = await open({ dir });
    expect(notices).toEqual([
      `this node was ${ID} and is ${node.peer.nodeId} from now on: the keys that prove the right to the old id are gone; what it held goes on with it (1 block)`,
    ]);
  });

  test('that did not get the id asked for is asked for it once, not anew at each start', async () => {
    await start({ chosenIds: 'none' });
    const dir = ring.path('peer');
    const first = await open({ dir, wantedId: ID });
    const { nodeId } = first.node.peer;
    expect(first.notices).toEqual([
      `the Discovery node lets nobody choose an id from where this node is, so it got ${nodeId}`,
    ]);
    await ring.leave(first.node);
    const again = await open({ dir, wantedId: ID });
    expect(again.node.peer.nodeId).toBe(nodeId);
    expect(again.notices).toEqual([`${ID} was not given to this node before, so it goes on as ${nodeId}`]);
    expect(await readdir(join(dir, 'keys'))).toHaveLength(1);
  });

  test('that is used twice, as a copy, is one node: the first stops and says so, the second goes on', async () => {
    await start();
    await ring.open();
    const first = await open({ dir: ring.path('peer'), wantedId: ID });
    const events: PeerEvent[] = [];
    first.node.peer.subscribe((event) => events.push(event));
    await cp(ring.path('peer'), ring.path('copy'), { recursive: true });
    await rm(ring.path('copy', 'lock'));
    const second = await open({ dir: ring.path('copy') });
    expect(second.node.peer.nodeId).toBe(ID);
    await until(() => first.node.peer.status === 'left');
    expect(events.filter(({ type }) => type === 'discovery')).toEqual([
      { type: 'discovery', state: 'displaced', message: '' },
    ]);
    expect(second.node.peer.status).toBe('active');
    expect(ring.discovery.nodes().map(({ nodeId }) => nodeId)).toContain(ID);
    await ring.kill(first.node);
  });
});

describe('a Discovery node with another key', () => {
  /** Another ring at the same address. */
  async function another(port: number): Promise<DiscoveryNode> {
    await ring.discovery.close();
    return startDiscoveryNode({ host: '127.0.0.1', port });
  }

  test('is refused until it is accepted, and from then on it is the known one', async () => {
    await start();
    const dir = ring.path('peer');
    const { node } = await open({ dir });
    await ring.leave(node);
    const { url, port } = ring.discovery;
    const other = await another(port);
    await expect(composeNodePeer({ server: url, dir })).rejects.toMatchObject({ code: 'ring-key-changed' });
    expect(other.nodes()).toEqual([]);
    const notices: string[] = [];
    const notify = (notice: string): void => void notices.push(notice);
    const compose = async (options: Partial<NodePeerOptions>): Promise<void> => {
      const accepted: NodePeer = await composeNodePeer({ server: url, dir, notify, ...options });
      expect(accepted.peer.nodeId).toBe(node.peer.nodeId); // asked for, and free in the new ring
      await accepted.goodbye();
    };
    await compose({ acceptRingKey: true });
    await compose({});
    expect(notices).toEqual([]);
    await other.close();
  });

  test('is told on the command line, with the option that accepts it', async () => {
    await start();
    const dir = ring.path('peer');
    await ring.leave((await open({ dir })).node);
    const { url, port } = ring.discovery;
    const other = await another(port);
    const { code, stderr, stdout } = await new Command(url, ['peer', '--dir', dir], { input: 'exit\n' }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^tabring: The Discovery node at .* another key .* "--accept-ring-key" accepts it\.\n$/);
    const accepted = await new Command(url, ['peer', '--dir', dir, '--accept-ring-key'], { input: 'exit\n' }).ended;
    expect(accepted).toMatchObject({ code: 0 });
    await other.close();
  });

  test('is not followed by a peer in the ring, which goes on and is taken back', async () => {
    const keys = await createRing();
    await start({ ring: keys });
    const { node } = await open({ dir: ring.path('peer') });
    const states: string[] = [];
    node.peer.subscribe((event) => event.type === 'discovery' && states.push(event.state));
    const { port } = ring.discovery;
    const other = await another(port);
    await until(() => states.includes('refused'));
    expect(node.peer.status).toBe('active');
    expect(other.nodes()).toEqual([]);
    await other.close();
    const back = await startDiscoveryNode({ host: '127.0.0.1', port, ring: keys });
    await until(() => back.nodes().length === 1);
    expect(back.nodes()[0]?.nodeId).toBe(node.peer.nodeId);
    await back.close();
  });
});

test('a command is a client, and in no list of nodes', async () => {
  await start();
  await ring.open();
  const client = await composeNodePeer({
    ...{ server: ring.discovery.url, role: 'client', quotaBytes: 0 },
    createNode: (config) => new LightNode(config),
  });
  expect(ring.discovery.nodes()).toHaveLength(1);
  expect(ring.discovery.nodes()[0]?.nodeId).not.toBe(client.peer.nodeId);
  await client.goodbye();
});
