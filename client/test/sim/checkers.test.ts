// The checkers bite: each rule is seen to break when a table or a ring is spoilt on purpose.

import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/core/io.ts';
import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { runChaos } from '../../src/sim/chaos.ts';
import { checkRing, checkTables, holes, isLeafSetExact } from '../../src/sim/checkers.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import type { SimMachine } from '../../src/sim/host.ts';
import { type CreateMachine, createTabringNode } from '../../src/sim/machine.ts';
import { Oracle } from '../../src/sim/oracle.ts';
import { checkReplicas } from '../../src/sim/store-checkers.ts';

const PARAMS = { ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize: 4, neighborhoodSize: 2 };

function id(text: string): Id {
  const made = idFromPrefix(text, 4);
  if (made === undefined) throw new Error(`${text} is no id`);
  return made;
}

const ids = (...texts: string[]): Id[] => texts.map(id);

const RIGHT: Inspection = {
  handle: { nodeId: id('5000'), epoch: 1, device: 'd', coordinate: UNKNOWN_COORDINATE },
  status: 'active',
  leafSet: { cw: ids('5100', '6000'), ccw: ids('4000', '3000') },
  routingTable: [
    { row: 0, column: '4', nodeId: id('4000') },
    { row: 1, column: '1', nodeId: id('5100') },
  ],
  neighborhoodSet: ids('6000'),
  held: [],
  pointers: [],
};

const rules = (node: Inspection): string[] => checkTables(node, PARAMS).map(({ rule }) => rule);

describe('tables', () => {
  it('that are right break no rule', () => {
    expect(rules(RIGHT)).toEqual([]);
  });

  it.each<[string, Partial<Inspection>]>([
    ['self-in-leaf-set', { leafSet: { cw: ids('5000'), ccw: [] } }],
    ['duplicate-leaf', { leafSet: { cw: ids('5100', '5100'), ccw: [] } }],
    ['leaf-order', { leafSet: { cw: ids('6000', '5100'), ccw: [] } }],
    ['leaf-order', { leafSet: { cw: [], ccw: ids('3000', '4000') } }],
    ['leaf-set-too-large', { leafSet: { cw: ids('5100', '6000', '7000'), ccw: [] } }],
    ['self-in-routing-table', { routingTable: [{ row: 0, column: '5', nodeId: id('5000') }] }],
    ['cell-prefix', { routingTable: [{ row: 0, column: '5', nodeId: id('5100') }] }],
    ['cell-prefix', { routingTable: [{ row: 0, column: '7', nodeId: id('4000') }] }],
    ['self-in-neighborhood-set', { neighborhoodSet: ids('5000') }],
    ['duplicate-neighbour', { neighborhoodSet: ids('6000', '6000') }],
    ['neighborhood-set-too-large', { neighborhoodSet: ids('6000', '7000', '8000') }],
  ])('break %s', (rule, spoilt) => {
    expect(rules({ ...RIGHT, ...spoilt })).toContain(rule);
  });
});

describe('against the oracle', () => {
  const ring = new Oracle();
  for (const each of ids('3000', '4000', '5000', '5100', '6000')) ring.add(each);

  it('an exact leaf set is told from one that misses a node', () => {
    expect(isLeafSetExact(RIGHT, ring, PARAMS)).toBe(true);
    expect(isLeafSetExact({ ...RIGHT, leafSet: { ...RIGHT.leafSet, cw: ids('6000') } }, ring, PARAMS)).toBe(false);
  });

  it('holes are the empty cells that a live node fits', () => {
    expect(holes(RIGHT, ring, () => true)).toEqual(['3', '6']);
  });

  it('a cell is no hole if no link leads to any node that fits it', () => {
    const unlinkable = (wanted: readonly Id[]) => (a: Id, b: Id) => a !== id('5000') || !wanted.includes(b);
    expect(holes(RIGHT, ring, unlinkable(ids('3000')))).toEqual(['6']);
    ring.add(id('3f00'));
    expect(holes(RIGHT, ring, unlinkable(ids('3000')))).toEqual(['3', '6']);
    expect(holes(RIGHT, ring, unlinkable(ids('3000', '3f00', '6000')))).toEqual([]);
    ring.remove(id('3f00'));
  });
});

describe('a ring', () => {
  /** The real machine, lying about itself. */
  function createSpoilt(spoil: (node: Inspection) => Inspection): CreateMachine {
    return (options) => {
      const machine = createTabringNode(options);
      const spoilt: SimMachine = {
        handle: (input, now) => machine.handle(input, now),
        get wakeAt() {
          return machine.wakeAt;
        },
        inspect: () => spoil(machine.inspect()),
      };
      return spoilt;
    };
  }

  function rulesBroken(createMachine: CreateMachine): Set<string> {
    const cluster = new Cluster({
      seed: 1,
      params: { ...PARAMS, neighborhoodSize: 16 },
      timing: DEFAULT_TIMING,
      topology: 'plane',
      links: 'instant',
      wire: true,
      createMachine,
    });
    for (let count = 0; count < 8; count += 1) cluster.join();
    cluster.run(300_000);
    return new Set(checkRing(cluster).map(({ rule }) => rule));
  }

  it('that is right breaks no rule', () => {
    expect([...rulesBroken(createTabringNode)]).toEqual([]);
  });

  it('is seen to be wrong: a lost leaf, an emptied row, a dead entry, a node that never activates', () => {
    const lostLeaf = createSpoilt((node) => ({ ...node, leafSet: { ...node.leafSet, cw: node.leafSet.cw.slice(1) } }));
    expect(rulesBroken(lostLeaf)).toContain('leaf-set-inexact');
    expect(rulesBroken(createSpoilt((node) => ({ ...node, routingTable: [] })))).toContain('hole');
    const dead = createSpoilt((node) => {
      const column = node.handle.nodeId.startsWith('0') ? '1' : '0';
      return { ...node, routingTable: [{ row: 0, column, nodeId: id(`${column}bad`) }] };
    });
    expect(rulesBroken(dead)).toContain('dead-entry');
    expect(rulesBroken(createSpoilt((node) => ({ ...node, status: 'joining' })))).toContain('not-active');
  });

  it('of nodes that claim to be the root of everything is seen to misdeliver', () => {
    const createGreedy: CreateMachine = (options) => {
      const machine = createTabringNode(options);
      const { nodeId } = options.self;
      return {
        get wakeAt() {
          return machine.wakeAt;
        },
        inspect: () => machine.inspect(),
        handle(input, now) {
          const outputs = machine.handle(input, now);
          if (input.type !== 'lookup') return outputs;
          const { request, key } = input;
          return [...outputs, { type: 'looked-up', request, key, root: nodeId, route: [nodeId] }];
        },
      };
    };
    const plan = { seed: 1, nodes: 8, minutes: 3, wire: true };
    const broken = runChaos({ ...plan, createMachine: createGreedy }).violations.map(({ rule }) => rule);
    expect(broken).toContain('misdelivered');
    expect(runChaos({ ...plan, createMachine: createTabringNode }).violations).toEqual([]);
  });
});

describe('replicas', () => {
  const names = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
  const key = id('5100');
  const members = ids('4000', '5000', '6000');

  /** Rules broken by a block on the disks of `holders`; no link joins the nodes of `apart`. */
  function rulesBroken(holders: readonly Id[], apart?: readonly [Id, Id]): string[] {
    const cluster = new Cluster({
      seed: 1,
      params: PARAMS,
      timing: DEFAULT_TIMING,
      topology: 'plane',
      links: 'instant',
      wire: true,
      createMachine: createTabringNode,
    });
    for (const name of names) cluster.join({ nodeId: id(name) });
    cluster.runUntil(() => cluster.truth.ring.size === names.length, 300_000);
    const digest = key.padEnd(64, '0');
    for (const host of cluster.hosts) {
      if (holders.includes(host.nodeId)) host.disk.blockByDigest.set(digest, { key, digest, size: 1 });
    }
    cluster.conditions.canLink = (a, b) => apart === undefined || !(apart.includes(a) && apart.includes(b));
    return checkReplicas(cluster, new Map([[digest, key]])).map(({ rule }) => rule);
  }

  const more = (name: string): readonly Id[] => [...members, id(name)];

  it('on exactly the replica set break no rule', () => {
    expect(rulesBroken(members)).toEqual([]);
    expect(rulesBroken([])).toEqual(['block-gone']);
    expect(rulesBroken(members.slice(1))).toEqual(['replicas-misplaced']);
    expect(rulesBroken(more('d'))).toEqual(['replicas-misplaced']);
  });

  it('P17: may be one more where its holder cannot ask a member, and nowhere else', () => {
    for (const member of members) expect(rulesBroken(more('d'), [id('d'), member])).toEqual([]);
    // Linked with all members, if not with a node that is none.
    expect(rulesBroken(more('d'), [id('d'), id('9')])).toEqual(['replicas-misplaced']);
    // Another pair is apart.
    expect(rulesBroken(more('d'), [id('c'), id('5')])).toEqual(['replicas-misplaced']);
    // A leaf, whose messages others carry.
    expect(rulesBroken(more('7'), [id('7'), id('5')])).toEqual(['replicas-misplaced']);
    expect(rulesBroken(more('7'), [id('7'), id('4')])).toEqual([]);
    // No excuse for a copy too few.
    expect(rulesBroken([...members.slice(1), id('d')], [id('d'), id('5')])).toEqual(['replicas-misplaced']);
    expect(rulesBroken([id('d')], [id('d'), id('5')])).toEqual(['replicas-misplaced']);
    // Nor for another holder.
    expect(rulesBroken([...more('d'), id('a')], [id('d'), id('5')])).toEqual(['replicas-misplaced']);
  });
});
