// One ring whose Discovery nodes are several, on a real Redis: peers at both, a server that is killed, a Redis that is restarted,
// and a new release on one server after the other.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { withoutRedis } from '../../../signaling/test/redis-server.ts';
import { closestId } from '../../src/core/pastry/id.ts';
import { composeNodePeer, type NodePeer } from '../../src/node/compose.ts';
import { wrongLeafSets } from '../../src/node/leaf-sets.ts';
import { until } from './node-peers.ts';
import { registeredAt, ServerGroup } from './server-group.ts';

/** By then the peers of a server that has died are registered at another. */
const BACK_MS = 10_000;

let group: ServerGroup;
let nodes: NodePeer[] = [];
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.goodbye()));
  nodes = [];
  await group?.stop();
});

async function open(): Promise<NodePeer> {
  const node = await composeNodePeer({ server: group.url });
  nodes.push(node);
  await node.peer.start();
  await until(() => node.peer.status === 'active');
  return node;
}

async function openRing(peers: number): Promise<void> {
  await open();
  for (let more = 1; more < peers; more += 4)
    await Promise.all(Array.from({ length: Math.min(4, peers - more) }, () => open()));
  await settled();
}

function settled(): Promise<void> {
  return until(() => wrongLeafSets(nodes.map(({ peer }) => peer.inspect())).length === 0);
}

async function registered(): Promise<number> {
  const each = await Promise.all(group.members.map(registeredAt));
  return each.reduce((sum, count) => sum + count, 0);
}

interface Stored {
  readonly link: string;
  readonly sha256: string;
}

async function store(node: NodePeer | undefined, bytes: number): Promise<Stored> {
  const content = randomBytes(bytes);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const stored = await node?.peer.store(new File([content], `${sha256}.bin`));
  return { link: stored?.link ?? '', sha256 };
}

async function expectFetched(node: NodePeer | undefined, { link, sha256 }: Stored): Promise<void> {
  const blob = await (await node?.peer.retrieve(link))?.blob();
  const digest = createHash('sha256').update(new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0)));
  expect(digest.digest('hex')).toBe(sha256);
}

async function expectRightLookups(): Promise<void> {
  const ids = nodes.map(({ peer }) => peer.nodeId);
  const lookups = nodes.flatMap(({ peer }) => [0, 1].map(() => peer.lookup(randomBytes(16).toString('hex'))));
  for (const { key, root } of await Promise.all(lookups)) expect(root).toBe(closestId(key, ids));
}

describe.skipIf(withoutRedis !== undefined)(`several servers${withoutRedis ? `: ${withoutRedis}` : ''}`, () => {
  test('one is killed: its peers are back within ten seconds under their ids, no lookup is wrong, no file lost', async () => {
    group = await ServerGroup.start(2, false);
    await openRing(8);
    const ids = nodes.map(({ peer }) => peer.nodeId);
    const [victim, other] = group.members;
    if (victim === undefined || other === undefined) throw new Error('not two servers');
    for (const member of group.members) expect(await registeredAt(member)).toBeGreaterThan(0);
    const files = [await store(nodes[0], 300_000), await store(nodes[1], 300_000)];
    await group.end(victim, 'SIGKILL');
    const killedAt = performance.now();
    await until(async () => (await registeredAt(other)) === nodes.length);
    expect(performance.now() - killedAt).toBeLessThan(BACK_MS);
    expect(nodes.map(({ peer }) => peer.nodeId)).toEqual(ids);
    expect(nodes.map(({ peer }) => peer.status)).toEqual(ids.map(() => 'active'));
    await expectRightLookups();
    // The names of those who died are given to nobody else, and newcomers get in.
    await open();
    await settled();
    await expectRightLookups();
    for (const file of files) for (const node of [nodes.at(-1), nodes[2]]) await expectFetched(node, file);
  });

  test.each([false, true])(
    'Redis is restarted, its data kept: %s: the ring and newcomers do not suffer',
    async (keeps) => {
      group = await ServerGroup.start(2, keeps);
      await openRing(6);
      const file = await store(nodes[0], 300_000);
      const ids = nodes.map(({ peer }) => peer.nodeId);
      await group.redis.kill();
      await until(async () => (await Promise.all(group.members.map(isReady))).every((ready) => !ready));
      await expectRightLookups();
      await group.redis.begin();
      const backAt = performance.now();
      await until(async () => (await Promise.all(group.members.map(isReady))).every((ready) => ready));
      await open();
      expect(performance.now() - backAt).toBeLessThan(BACK_MS);
      await settled();
      expect(await registered()).toBe(nodes.length);
      expect(nodes.slice(0, ids.length).map(({ peer }) => peer.nodeId)).toEqual(ids);
      await expectRightLookups();
      await expectFetched(nodes.at(-1), file);
    },
  );

  test('a rolling restart under twenty peers that store and fetch all the time: all succeed, and none leaves the ring', async () => {
    group = await ServerGroup.start(2, true);
    await openRing(20);
    const statuses = new Set<string>();
    const watch = setInterval(() => {
      for (const { peer } of nodes) statuses.add(peer.status);
    }, 20);
    let [isOver, done] = [false, 0];
    const work = nodes.map(async (node, index) => {
      while (!isOver) {
        await expectFetched(nodes[(index + 7) % nodes.length], await store(node, 20_000));
        done += 1;
      }
    });
    for (const member of [...group.members]) {
      const before = done;
      await group.end(member, 'SIGTERM');
      await until(async () => (await registered()) === nodes.length);
      await group.add();
      await until(() => done > before + nodes.length);
    }
    isOver = true;
    await Promise.all(work);
    clearInterval(watch);
    expect([...statuses]).toEqual(['active']);
    expect(await registered()).toBe(nodes.length);
    await settled();
    await expectRightLookups();
  });
});

async function isReady({ url }: { readonly url: string }): Promise<boolean> {
  const { problems }: { problems: readonly string[] } = JSON.parse(await (await fetch(`${url}/readyz`)).text());
  // Whether the page is built is of no interest here.
  return !problems.some((problem) => problem.includes('Redis'));
}
