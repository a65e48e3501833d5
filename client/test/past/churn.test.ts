// Random churn: whatever happens, when the ring has become quiet each object is on exactly its k closest live nodes.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, outputsOf, UNTIL_DROPPED_MS, World } from './world.ts';

type Step =
  | { readonly do: 'join'; readonly name: string; readonly device: string }
  | { readonly do: 'leave' | 'kill' | 'kill-two' | 'reload' | 'corrupt' | 'store'; readonly pick: number }
  | { readonly do: 'wait'; readonly ms: number };

const hex = (value: number) => value.toString(16).padStart(4, '0');
const names = fc.integer({ min: 0, max: 0xffff }).map(hex);
const picks = fc.nat({ max: 1_000 });

function stepOf(devices: fc.Arbitrary<string>): fc.Arbitrary<Step> {
  return fc.oneof(
    fc.record({ do: fc.constant('join' as const), name: names, device: devices }),
    fc.record({
      do: fc.constantFrom(
        'leave' as const,
        'kill' as const,
        'kill-two' as const,
        'reload' as const,
        'corrupt' as const,
      ),
      pick: picks,
    }),
    fc.record({ do: fc.constant('store' as const), pick: picks }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  );
}

/** Long enough for repair to follow any change, short of a drop. */
const REPAIR_MS = 8_000;
/** The time that displaced copies are kept, the round after it, and a round of asking after confirmed copies. */
const QUIET_MS = UNTIL_DROPPED_MS + 12 * 60_000;

interface Store {
  readonly storer: FakeNode;
  readonly request: number;
  readonly item: BlockRef;
}

function play(world: World, steps: readonly Step[]): Store[] {
  const stores: Store[] = [];
  const pickNode = (pick: number) =>
    [...world.nodes.values()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1))[pick % world.nodes.size];
  for (const step of steps) {
    if (step.do === 'wait') {
      world.run(step.ms);
      continue;
    }
    if (step.do === 'join') {
      if (!world.nodes.has(id(step.name))) world.join(step.name, { device: step.device });
      world.run(100);
      continue;
    }
    const node = pickNode(step.pick);
    if (node === undefined) continue;
    if (step.do === 'store') {
      const request = stores.length;
      const item = block(hex((step.pick * 7_919) & 0xffff), request);
      node.store(request, item);
      stores.push({ storer: node, request, item });
      world.run(300);
    } else if (world.nodes.size <= 3) {
      world.run(100);
    } else {
      // At most k-1 copies go at once: what went before is repaired first.
      world.run(REPAIR_MS);
      if (step.do === 'leave') world.leave(node);
      if (step.do === 'reload') world.reload(node);
      if (step.do === 'corrupt') {
        for (const [digest, copy] of node.disk) {
          copy.isCorrupt = true;
          node.past.receive(id('0001'), { type: 'bad-copy', digest });
        }
      }
      if (step.do === 'kill' || step.do === 'kill-two') {
        world.kill(node);
        const second = pickNode(step.pick + 1);
        if (step.do === 'kill-two' && second !== undefined) world.kill(second);
      }
    }
  }
  return stores;
}

/** The stores that were acknowledged; of the rest, none may have failed but for a leave. */
function acknowledged(stores: readonly Store[]): BlockRef[] {
  const stored: BlockRef[] = [];
  for (const { storer, request, item } of stores) {
    if (outputsOf(storer, 'stored').some((output) => output.request === request)) stored.push(item);
    for (const failure of outputsOf(storer, 'store-failed')) expect(failure.reason).toBe('left');
  }
  return stored;
}

function checkQuiet(world: World, stores: readonly Store[]): void {
  const stored = acknowledged(stores);
  for (const item of stored) {
    expect({ key: item.key, holders: world.holders(item) }).toEqual({
      key: item.key,
      holders: world.expectedHolders(item),
    });
    for (const node of world.nodes.values()) {
      const isHeld = node.past.held.some(({ digest }) => digest === item.digest);
      expect(isHeld).toBe(node.disk.has(item.digest));
    }
  }
  const reader = [...world.nodes.values()][0];
  if (reader === undefined) return;
  stored.forEach((item, index) => {
    reader.fetch(10_000 + index, item);
  });
  world.run(1_000);
  expect(outputsOf(reader, 'fetched').filter(({ request }) => request >= 10_000)).toHaveLength(stored.length);
}

const start = fc.uniqueArray(names, { minLength: 4, maxLength: 8 });

describe('churn', () => {
  test('P17: at quiescence each object is on exactly its k closest nodes', () => {
    const steps = fc.array(stepOf(fc.constant('')), { maxLength: 14 });
    fc.assert(
      fc.property(start, steps, (first, sequence) => {
        const world = new World();
        world.joinAll(first);
        world.run(1_000);
        const renamed = sequence.map((step) =>
          step.do === 'join' ? { ...step, device: `device of ${step.name}` } : step,
        );
        const stores = play(world, renamed);
        world.run(QUIET_MS);
        checkQuiet(world, stores);
      }),
      { numRuns: 60 },
    );
  });

  test('P17: the same where nodes know only a part of the ring', () => {
    const steps = fc.array(stepOf(fc.constant('')), { maxLength: 14 });
    const many = fc.uniqueArray(names, { minLength: 8, maxLength: 16 });
    fc.assert(
      fc.property(many, steps, (first, sequence) => {
        const world = new World({ leafSetSize: 6 });
        world.joinAll(first);
        world.run(1_000);
        const renamed = sequence.map((step) =>
          step.do === 'join' ? { ...step, device: `device of ${step.name}` } : step,
        );
        const stores = play(world, renamed);
        world.run(QUIET_MS);
        checkQuiet(world, stores);
      }),
      { numRuns: 60 },
    );
  });

  test('P17: the same on few devices', () => {
    const devices = fc.constantFrom('laptop', 'phone', 'desktop', 'tablet');
    fc.assert(
      fc.property(start, fc.array(stepOf(devices), { maxLength: 14 }), (first, sequence) => {
        const world = new World();
        first.forEach((name, index) => {
          world.join(name, { device: ['laptop', 'phone', 'desktop'][index % 3] ?? '' });
        });
        world.run(1_000);
        const stores = play(world, sequence);
        world.run(QUIET_MS);
        checkQuiet(world, stores);
      }),
      { numRuns: 60 },
    );
  });

  test('P17: where views cannot agree, nothing is lost and the ring still comes to rest', () => {
    const devices = fc.constantFrom('laptop', 'phone', 'desktop');
    const params = fc.constantFrom({ leafSetSize: 2 }, { leafSetSize: 4 }, { leafSetSize: 6 });
    const many = fc.uniqueArray(names, { minLength: 4, maxLength: 14 });
    fc.assert(
      fc.property(params, many, fc.array(stepOf(devices), { maxLength: 14 }), (chosen, first, sequence) => {
        const world = new World(chosen);
        first.forEach((name, index) => {
          world.join(name, { device: ['laptop', 'phone', 'desktop'][index % 3] ?? '' });
        });
        world.run(1_000);
        const stores = play(
          world,
          sequence.filter((step) => step.do !== 'kill-two'),
        );
        world.run(QUIET_MS);
        for (const item of acknowledged(stores)) {
          const root = world.rootOf(item.key)?.nodeId;
          expect(world.holders(item)).toContain(root);
          expect(world.holders(item).length).toBeGreaterThanOrEqual(world.expectedHolders(item).length);
        }
        const moves = () =>
          [...world.nodes.values()].flatMap((node) => [...outputsOf(node, 'pull'), ...outputsOf(node, 'drop')]).length;
        const movesBefore = moves();
        world.run(QUIET_MS);
        expect(moves()).toBe(movesBefore);
      }),
      { numRuns: 60 },
    );
  });
});
