// Storing in a ring larger than the leaf set past a root that no link joins with the storer, by the real core over links
// that take their time.

import { describe, expect, it } from 'vitest';
import type { Output } from '../../src/core/io.ts';
import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import type { Host } from '../../src/sim/host.ts';
import { createTabringNode } from '../../src/sim/machine.ts';
import { LONG_LEASE_MS, signedLease } from '../../src/sim/owner-leases.ts';
import { checkReplicas } from '../../src/sim/store-checkers.ts';

const DIGITS = '0123456789abcdef';
const STORER = id('d000');
/** The closest first. */
const MEMBERS = [id('5000'), id('5800'), id('4800')];

function id(text: string): Id {
  const made = idFromPrefix(text, 4);
  if (made === undefined) throw new Error(`${text} is no id`);
  return made;
}

/** A ring of 32 nodes with leaf sets of 8; the storer is linked with none of `apart`. */
function createRing(links: 'instant' | 'handshake', apart: readonly Id[]): Cluster {
  const params = { ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize: 8 };
  const options = { seed: 1, params, timing: DEFAULT_TIMING, topology: 'plane', wire: true } as const;
  const cluster = new Cluster({ ...options, links, createMachine: createTabringNode });
  cluster.conditions.canLink = (a, b) => !((a === STORER && apart.includes(b)) || (b === STORER && apart.includes(a)));
  for (const digit of DIGITS) {
    for (const half of ['000', '800']) {
      cluster.join({ nodeId: id(digit + half) });
      cluster.run(3_000);
    }
  }
  cluster.run(60_000);
  expect(cluster.truth.ring.size).toBe(32);
  return cluster;
}

/** Stores a block and returns the answers to it, with their times since then. */
function store(cluster: Cluster, request: number): { readonly digest: string; readonly answers: [number, Output][] } {
  const digest = `5100${String(request).padStart(60, '0')}`;
  const block = { key: id('5100'), digest, size: 1_000_000 };
  const answers: [number, Output][] = [];
  const startedAt = cluster.schedule.now;
  cluster.onStorage = (host: Host, output) => {
    if (host.nodeId === STORER) answers.push([cluster.schedule.now - startedAt, output]);
  };
  const storer = cluster.network.hostOf(STORER);
  if (storer === undefined) throw new Error('the storer is gone');
  cluster.disks.offer(storer, block);
  const lease = signedLease(cluster, cluster.authority.owner(), digest, {
    forMs: LONG_LEASE_MS,
    serial: 1,
    ends: false,
  });
  cluster.network.deliver(storer, { type: 'store', request, block, lease });
  cluster.run(90_000);
  return { digest, answers };
}

describe.each(['instant', 'handshake'] as const)('a store over %s links', (links) => {
  it.each([1, 2])('P27: has all copies if no link leads to the closest %i of three', (count) => {
    const cluster = createRing(links, MEMBERS.slice(0, count));
    const first = store(cluster, 1);
    const [firstMs = 0, last] = first.answers.at(-1) ?? [];
    expect(last).toMatchObject({ type: 'stored', root: MEMBERS[0], complete: true });
    expect(firstMs).toBeLessThan(count * 10_000 + 5_000);
    const second = store(cluster, 2);
    const [secondMs = 0, next] = second.answers.at(-1) ?? [];
    expect(next).toMatchObject({ type: 'stored', complete: true });
    expect(secondMs).toBeLessThan(5_000);
    const keyByDigest = new Map([first, second].map(({ digest }) => [digest, id('5100')]));
    expect(checkReplicas(cluster, keyByDigest)).toEqual([]);
  });

  it('P5: times out if no link leads to any member', () => {
    const { answers } = store(createRing(links, [...MEMBERS, id('4000'), id('6000')]), 1);
    expect(answers.map(([, output]) => output)).toMatchObject([{ type: 'store-failed', reason: 'timed-out' }]);
  });
});
