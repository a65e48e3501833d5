// The honest peers of the long run, in a process of their own, so that what they cost is theirs alone. Its parent asks one
// question after the other (process.send).

import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { writeHeapSnapshot } from 'node:v8';
import { closestId, isCloser, type NodeId } from '../../src/core/pastry/id.ts';
import { composeNodePeer, type NodePeer } from '../../src/node/compose.ts';
import { freeUdpPort } from '../../src/node/free-udp-port.ts';
import { DOWN_TEXTS } from '../../src/peer/down-texts.ts';
import { BoundedTables } from './bounded-tables.ts';
import type { Traps } from './hostile-crew.ts';
import type { LongRunAnswers, LongRunQuestion, Look } from './long-run-words.ts';
import { until } from './until.ts';
import { useRing } from './use-ring.ts';

// As of the command line: many transfers wait on one signal.
setMaxListeners(256);
const tables = new BoundedTables();
const nodes: NodePeer[] = [];
const ids = new Set<NodeId>();
/** As the other end and this one say it. */
const FOR_WANT_OF_ROOM = new Set([DOWN_TEXTS.budget, 'link closed by this node: others are needed more']);
/** Why links between the honest closed, and how often. */
const downs = new Map<string, number>();
const attackers = new Set<NodeId>();
let traps: Traps | undefined;

const answers: { [Question in keyof LongRunAnswers]: (value: number) => Promise<LongRunAnswers[Question]> } = {
  grow: async (count) => {
    const [, , server = ''] = process.argv;
    for (let index = 0; index < count; index += 1) {
      const node = await composeNodePeer({ server, udpPort: await freeUdpPort(), quotaBytes: QUOTA_BYTES });
      nodes.push(node);
      ids.add(node.peer.nodeId);
      watch(node);
      await node.peer.start();
      await until(() => node.peer.status === 'active');
    }
    return [...ids];
  },
  store: async (count) => {
    const fileIds: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { peer } = nodeAt(index);
      const { fileId, link } = await peer.store(new File([randomBytes(FILE_BYTES)], `file ${index}`));
      fileIds.push(fileId);
      links.push(link);
    }
    await until(() => nodes.every(({ peer }) => peer.listFiles().own.every(({ copies, wanted }) => copies >= wanted)));
    return fileIds;
  },
  read: async () => {
    let found = 0;
    for (const [index, link] of links.entries()) {
      const file = await nodeAt(index + 7).peer.retrieve(link);
      if ((await file.blob()).size === FILE_BYTES) found += 1;
    }
    return found;
  },
  lookups: async (count) => {
    let right = 0;
    for (let index = 0; index < count; index += 1) {
      const { key, root } = await nodeAt(index).peer.lookup(randomBytes(16).toString('hex'));
      const honest = closestId(key, ids);
      // Links to the hostile are closed for what they do: they are in the ring at times, and at times they are not.
      const isHostile = attackers.has(root) && honest !== undefined && isCloser(key, root, honest);
      if (root === honest || isHostile) right += 1;
    }
    return right;
  },
  look: async () => ({
    downs: Object.fromEntries(downs),
    strangers: strangers(),
    counters: counters(),
    statuses: nodes.map(({ peer }) => peer.status),
    ...memory(),
    cpuSeconds: cpuSeconds(),
    misdeeds: misdeeds(),
    tables: tables.entries(),
  }),
  use: async (turn) => {
    if (traps === undefined) throw new Error('there are no traps yet');
    return useRing(
      nodeAt(turn).peer,
      traps,
      nodes.map(({ peer }) => peer),
    );
  },
};

const FILE_BYTES = 2_000;
/** Of each honest peer: half of it is what junk may take. */
const QUOTA_BYTES = 2 * 1024 * 1024;
const links: string[] = [];

process.on('message', (question: LongRunQuestion) => {
  if ('snapshot' in question) {
    writeHeapSnapshot(question.snapshot);
    return;
  }
  if ('attackers' in question) {
    for (const nodeId of question.attackers) attackers.add(nodeId);
    traps = question.traps;
    return;
  }
  answers[question.what](question.value).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());

function watch({ peer }: NodePeer): void {
  peer.subscribe((event) => {
    if (event.type !== 'link' || event.state !== 'down' || !ids.has(event.nodeId)) return;
    if (FOR_WANT_OF_ROOM.has(event.message)) return;
    downs.set(event.message, (downs.get(event.message) ?? 0) + 1);
  });
}

function nodeAt(index: number): NodePeer {
  const node = nodes[index % nodes.length];
  if (node === undefined) throw new Error('there are no peers yet');
  return node;
}

function strangers(): number {
  return nodes
    .map(({ peer }) => peer.inspect())
    .flatMap(({ leafSet, routingTable }) => [
      ...leafSet.cw,
      ...leafSet.ccw,
      ...routingTable.map(({ nodeId }) => nodeId),
    ])
    .filter((nodeId) => !ids.has(nodeId) && !attackers.has(nodeId)).length;
}

function counters(): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { peer } of nodes) {
    for (const [name, count] of Object.entries(peer.counters)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function misdeeds(): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { nodeId, what, count } of nodes.flatMap(({ peer }) => peer.inspect().misdeeds)) {
    if (attackers.has(nodeId)) sums[what] = (sums[what] ?? 0) + count;
  }
  return sums;
}

/** What lives on the heap after a collection, and what the process has taken of the machine. */
function memory(): Pick<Look, 'heapBytes' | 'nativeBytes' | 'rssBytes'> {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, nativeBytes: external, rssBytes: rss };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
