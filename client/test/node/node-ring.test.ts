// Rings of Node peers: real links, real files, one process.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import { composeNodePeer } from '../../src/node/compose.ts';
import { NodePeers, SETTLE_MS, until } from './node-peers.ts';

let ring: NodePeers;
beforeEach(async () => {
  ring = await NodePeers.start();
});
afterEach(() => ring.stop());

async function digest(blob: Blob): Promise<string> {
  return createHash('sha256')
    .update(new Uint8Array(await blob.arrayBuffer()))
    .digest('hex');
}

describe('a ring of five', () => {
  test('keeps a file whose storer is gone, also in the directory of a peer that comes back', async () => {
    const [storer, second] = [await ring.open({ dir: ring.path('1') }), await ring.open({ dir: ring.path('2') })];
    for (let more = 0; more < 3; more += 1) await ring.open();
    await ring.settled();
    const file = new File([randomBytes(9_000_000)], 'naïve 日本 😀.bin', { type: 'x/y' });
    const { link } = await storer.peer.store(file);
    await until(() => storer.peer.listFiles().own[0]?.copies === 3);
    await ring.kill(storer);
    const reader = await ring.open();
    const fetched = await reader.peer.retrieve(link);
    expect([fetched.name, fetched.type, fetched.size]).toEqual([file.name, 'x/y', 9_000_000]);
    expect(await digest(await fetched.blob())).toBe(await digest(file));

    const { nodeId } = second.peer;
    await ring.kill(second);
    await ring.settled();
    const back = await ring.open({ dir: ring.path('2') });
    expect(back.peer.nodeId).toBe(nodeId);
    await ring.settled();
    // One after the other all go but the two that came last.
    for (const node of ring.nodes.slice(0, 3)) await ring.leave(node);
    await ring.settled();
    expect(await digest(await (await back.peer.retrieve(link)).blob())).toBe(await digest(file));
  });
});

test('twenty peers that start at once are one ring, and find roots', async () => {
  await Promise.all(Array.from({ length: 20 }, () => ring.open()));
  await ring.settled();
  const ids = ring.nodes.map(({ peer }) => peer.nodeId);
  const lookups = ring.nodes.map(({ peer }) => peer.lookup(randomBytes(16).toString('hex')));
  for (const { key, root } of await Promise.all(lookups)) expect(root).toBe(closestId(key, ids));
});

test('a peer keeps its id in its directory, which it shares with nobody', async () => {
  const dir = ring.path('peer');
  const first = await ring.open({ dir });
  const { nodeId } = first.peer;
  await expect(composeNodePeer({ server: ring.discovery.url, dir })).rejects.toMatchObject({ code: 'storage' });
  await ring.leave(first);
  const second = await ring.open({ dir });
  expect(second.peer.nodeId).toBe(nodeId);
  const notices: string[] = [];
  const notify = (notice: string): void => void notices.push(notice);
  await ring.open({ wantedId: nodeId.slice(0, 8), notify });
  expect(notices).toEqual([]);
  const fourth = await ring.open({ wantedId: nodeId, notify });
  expect(fourth.peer.nodeId).not.toBe(nodeId);
  expect(notices).toEqual([`another node has the id asked for, so this one got ${fourth.peer.nodeId}`]);
});

test('a peer with a full quota refuses, and what is refused is told', async () => {
  const storer = await ring.open({ quotaBytes: 100_000 });
  await ring.open({ dir: ring.path('small'), quotaBytes: 100_000 });
  await ring.settled();
  await expect(storer.peer.store(new File([randomBytes(500_000)], 'a'))).rejects.toMatchObject({ code: 'full' });
});

test(
  'a Discovery node that cannot be reached is told, and its directory is free again',
  async () => {
    const dir = ring.path('waiting');
    const controller = new AbortController();
    const reasons: string[] = [];
    const waiting = (reason: string): void => {
      reasons.push(reason);
      controller.abort();
    };
    const options = { server: 'http://127.0.0.1:1', dir, waiting, signal: controller.signal };
    await expect(composeNodePeer(options)).rejects.toMatchObject({ code: 'discovery-unreachable' });
    expect(reasons).toHaveLength(1);
    await ring.open({ dir });
  },
  SETTLE_MS,
);
