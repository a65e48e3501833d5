// Rings in which most nodes are on one device: copies are on as many devices as there are, however far apart.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEYOND_KNOWN_MS, BeyondLeaves, SIDES, type Side } from '../../src/core/past/beyond-leaves.ts';
import { NodeView } from '../../src/core/past/replicas.ts';
import { compareClockwise, type Id, isOnArc } from '../../src/core/pastry/id.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import type { FakeNode } from './fake-node.ts';
import { block, closestOnDistinctDevices, id, UNTIL_DROPPED_MS, World } from './world.ts';

const K = 3;
const LEAVES_A_SIDE = 4;
const SETTLED_MS = 10_000;
const STORED = block('51');

/** A ring at rest, as each of its nodes comes to see it. */
class Seen {
  readonly nodes: readonly NodeHandle[];
  readonly #byId = new Map<Id, { readonly halves: Record<Side, NodeHandle[]>; readonly beyond: BeyondLeaves }>();

  constructor(nodes: readonly NodeHandle[]) {
    this.nodes = nodes;
    for (const self of nodes) {
      const others = nodes
        .filter((other) => other !== self)
        .sort((a, b) => compareClockwise(self.nodeId, a.nodeId, b.nodeId));
      const halves = {
        clockwise: others.slice(0, LEAVES_A_SIDE),
        counterclockwise: [...others].reverse().slice(0, LEAVES_A_SIDE),
      };
      const beyond = new BeyondLeaves({ self, now: 0, half: (side) => halves[side] }, K);
      this.#byId.set(self.nodeId, { halves, beyond });
    }
    // Each asks until nobody hears anything new.
    for (let isNews = true; isNews; ) {
      isNews = false;
      for (const { nodeId } of nodes) for (const side of SIDES) isNews = this.#ask(nodeId, side) || isNews;
    }
  }

  view(nodeId: Id): NodeView {
    const { halves, beyond } = this.#of(nodeId);
    const self = this.nodes.filter((node) => node.nodeId === nodeId);
    return new NodeView([...SIDES.flatMap((side) => [...beyond.nodes(side), ...halves[side]]), ...self]);
  }

  covers(nodeId: Id, key: Id): boolean {
    const { halves } = this.#of(nodeId);
    const [start, end] = [halves.counterclockwise.at(-1)?.nodeId, halves.clockwise.at(-1)?.nodeId];
    return start !== undefined && end !== undefined && isOnArc(key, start, end);
  }

  #ask(nodeId: Id, side: Side): boolean {
    const { beyond } = this.#of(nodeId);
    const teller = beyond.teller(side);
    if (teller === undefined) return false;
    const isNews = beyond.take(side, this.#of(teller).beyond.seenBy(nodeId, side));
    expect(isNews).toBeDefined();
    return isNews === true;
  }

  #of(nodeId: Id) {
    const seen = this.#byId.get(nodeId);
    if (seen === undefined) throw new Error(`no node ${nodeId}`);
    return seen;
  }
}

const ids = fc.integer({ min: 0, max: 0xffff }).map((value) => id(value.toString(16).padStart(4, '0')));
const rings = fc.uniqueArray(ids, { minLength: 2 * LEAVES_A_SIDE + 1, maxLength: 40 }).chain((names) => {
  const device = fc.oneof({ weight: 6, arbitrary: fc.constant('class') }, fc.constantFrom('a', 'b', 'c', 'd'));
  return fc.tuple(...names.map((nodeId) => device.map((own) => handleOf(nodeId, own))));
});

function handleOf(nodeId: Id, device: string): NodeHandle {
  return { nodeId, epoch: 1, device, coordinate: UNKNOWN_COORDINATE };
}

/** Of one device but for these. */
function ringOf(foreign: readonly string[], others = 26): World {
  const world = new World({ leafSetSize: 4 });
  for (let number = 0; number < others; number += 1) {
    const name = (0x0800 + number * 0x0900).toString(16).padStart(4, '0');
    world.join(name, { device: 'class' });
  }
  for (const name of foreign) world.join(name);
  world.run(SETTLED_MS);
  return world;
}

function stored(world: World): World {
  const storer = world.node('0800');
  storer.store(1, STORED);
  world.run(SETTLED_MS);
  storer.sources.clear();
  return world;
}

function asked(node: FakeNode): number {
  return node.sent.filter(({ message }) => message.type === 'beyond?').length;
}

describe('beyond the leaf set', () => {
  test('P72: what a node knows is enough: roots see whole replica sets, and all that cover a key know whether they are members', () => {
    fc.assert(
      fc.property(rings, ids, (nodes, key) => {
        const seen = new Seen(nodes);
        const devices = new Set(nodes.map(({ device }) => device)).size;
        const members = closestOnDistinctDevices(key, nodes, Math.min(K, devices));
        const [root] = members;
        if (root === undefined) return;
        expect(seen.view(root).replicaSet(key, members.length)).toEqual(members);
        for (const { nodeId } of nodes) {
          if (!seen.covers(nodeId, key)) continue;
          const isMember = seen.view(nodeId).replicaSet(key, members.length).includes(nodeId);
          expect(isMember).toBe(members.includes(nodeId));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('P72: copies are on k devices although the leaf set around the key is of one', () => {
    const world = stored(ringOf(['c100', 'd900', 'e100']));
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
    expect(world.holders(STORED).filter((holder) => world.nodes.get(holder)?.self.device === 'class')).toHaveLength(1);
  });

  test('P72: one of them dies, and another comes: the copy is made on the next device, and goes where it is not owed', () => {
    const world = stored(ringOf(['c100', 'd900', 'e100']));
    const dying = world.holders(STORED).find((holder) => holder !== world.rootOf(STORED.key)?.nodeId);
    world.kill(world.node(dying ?? ''));
    world.run(2 * SETTLED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
    world.join('9100');
    world.run(SETTLED_MS);
    expect(world.holders(STORED)).toContain(id('9100'));
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P72: the root dies, and with it all that is near: the far ones bring the block back', () => {
    const world = stored(ringOf(['c100', 'd900']));
    world.kill(world.node(world.rootOf(STORED.key)?.nodeId ?? ''));
    world.run(SETTLED_MS * 9);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P72: what cannot be true is not taken, and what was told holds for three minutes', () => {
    const half = ['5100', '5200'].map((name) => handleOf(id(name), 'class'));
    const ring = { self: handleOf(id('5000'), 'class'), now: 0, half: () => half };
    const beyond = new BeyondLeaves(ring, K);
    const told = [
      { nodeId: id('9800'), device: 'a' },
      { nodeId: id('9900'), device: 'b' },
    ];
    expect(beyond.take('clockwise', told)).toBe(true);
    expect(beyond.take('clockwise', told)).toBe(false);
    const [first, second] = told;
    if (first === undefined || second === undefined) throw new Error('two are told');
    const third = { nodeId: id('9a00'), device: 'c' };
    for (const false_ of [
      [second, first],
      [first, { ...second, device: 'a' }],
      [first, first],
      [{ ...first, nodeId: id('5200') }, second],
      [{ ...first, nodeId: id('5000') }, second],
      [first, second, third, { nodeId: id('9b00'), device: 'd' }],
    ])
      expect(beyond.take('clockwise', false_)).toBeUndefined();
    expect(beyond.nodes('clockwise')).toEqual(told);
    ring.now = BEYOND_KNOWN_MS - 1;
    expect(beyond.nodes('clockwise')).toEqual(told);
    ring.now = BEYOND_KNOWN_MS;
    expect(beyond.nodes('clockwise')).toEqual([]);
  });

  test('P72: only the outermost leaf is heard; what it makes up costs an offer that nobody answers, and no copy', () => {
    const world = stored(ringOf(['c100', 'd900', 'e100']));
    const root = world.node('5000');
    const made = { nodeId: id('7700'), device: 'made up' };
    const offers = (): number => root.sent.filter(({ to }) => to === made.nodeId).length;
    root.past.receive(id('5900'), { type: 'beyond', side: 'clockwise', nodes: [made] });
    world.run(SETTLED_MS);
    expect(offers()).toBe(0);
    root.past.receive(id('6200'), { type: 'beyond', side: 'clockwise', nodes: [made] });
    world.run(SETTLED_MS);
    expect(offers()).toBeGreaterThan(0);
    expect(world.holders(STORED).length).toBeGreaterThanOrEqual(K);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P72: who asks and is no leaf hears nothing', () => {
    const world = ringOf(['c100', 'd900', 'e100']);
    const node = world.node('5900');
    node.past.receive(id('c100'), { type: 'beyond?', side: 'clockwise' });
    world.run(SETTLED_MS);
    expect(node.sent.filter(({ to, message }) => to === id('c100') && message.type === 'beyond')).toEqual([]);
  });

  test('P72: where each node is on a device of its own nobody asks', () => {
    const world = new World({ leafSetSize: 8 });
    world.joinAll(Array.from({ length: 30 }, (_, number) => (0x0800 + number * 0x0800).toString(16).padStart(4, '0')));
    world.run(BEYOND_KNOWN_MS);
    expect([...world.nodes.values()].map(asked)).toEqual(Array(30).fill(0));
  });
});
