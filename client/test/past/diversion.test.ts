// Replica diversion (PAST, section 3.3.2): who has no room keeps a pointer, and another node the copy.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import { DROP_GRACE_MS } from '../../src/core/past/drop-judgement.ts';
import { KnownCopies } from '../../src/core/past/known-copies.ts';
import { isPointerGood } from '../../src/core/past/pointers.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import { chooseStandIn, hasRoom } from '../../src/core/past/room.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, offer, outputsOf, UNTIL_DROPPED_MS, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');
/** The members of its replica set are 4, 5 and 6; without the last of them, 7 comes next. */
const FULL = '4';
const RENEW_ROUNDS_MS = 5 * ROUND_MS;

function ring(names = NAMES): World {
  const world = new World();
  world.joinAll(names);
  world.run(1_000);
  return world;
}

/** A block is stored, and one member has no room for it. */
function diverted(full = FULL): { readonly world: World; readonly member: FakeNode; readonly standIn: FakeNode } {
  const world = ring();
  const member = world.node(full);
  member.isFull = true;
  world.node('d').store(1, STORED);
  world.run(20_000);
  world.node('d').sources.clear();
  const [pointer] = member.past.pointers;
  const standIn = [...world.nodes.values()].find(({ nodeId }) => nodeId === pointer?.target);
  if (standIn === undefined) throw new Error('nobody stands in');
  return { world, member, standIn };
}

function copiesReported(node: FakeNode): readonly NodeId[] {
  return [...(outputsOf(node, 'stored').at(-1)?.holders ?? [])].sort();
}

/** The copies of which each member knows that they count, or is itself one. */
function known(world: World, name: string, stored: BlockRef = STORED): readonly NodeId[] {
  const node = world.node(name);
  const holding = node.past.holdings().find((one) => one.block.digest === stored.digest);
  return [...(holding?.others ?? []).map(({ nodeId }) => nodeId)].sort();
}

describe('room', () => {
  test('P60: a block is refused that would take more than a tenth of the room left, a diverted one a twentieth', () => {
    expect(hasRoom(10, 100, 'primary')).toBe(true);
    expect(hasRoom(11, 100, 'primary')).toBe(false);
    expect(hasRoom(5, 100, 'diverted')).toBe(true);
    expect(hasRoom(6, 100, 'diverted')).toBe(false);
    expect(hasRoom(1, 0, 'primary')).toBe(false);
    // A disk of 40 MB takes segments of 4 MiB until it is four fifths full, and smaller blocks after that.
    const [disk, segment] = [40_000_000, 4 * 1024 * 1024];
    const used = Array.from({ length: 12 }).reduce<number>(
      (sum) => (hasRoom(segment, disk - sum, 'primary', sum) ? sum + segment : sum),
      0,
    );
    expect(used / disk).toBeGreaterThan(0.8);
    expect(hasRoom(400_000, disk - used, 'primary', used)).toBe(true);
    expect(hasRoom(segment, disk, 'diverted')).toBe(false);
  });

  test('P60: small blocks are still taken where large ones are not', () => {
    const world = ring();
    const member = world.node(FULL);
    member.past.handle({ type: 'room', freeBytes: 2_100 });
    world.node('d').store(1, { ...STORED, size: 2_000 });
    world.node('d').store(2, { ...block('51', 2), size: 200 });
    world.run(20_000);
    expect(member.disk.has(STORED.digest)).toBe(false);
    expect(member.disk.has(block('51', 2).digest)).toBe(true);
    expect(outputsOf(world.node('d'), 'stored').filter(({ complete }) => complete)).toHaveLength(2);
  });

  test('P61: the copy goes to who has most room, on a device of its own if there is one', () => {
    const [a, b, c] = [id('a'), id('b'), id('c')];
    const candidates = [
      { nodeId: a, device: 'a', isNear: true, freeBytes: 500 },
      { nodeId: b, device: 'b', isNear: true, freeBytes: 900 },
      { nodeId: c, device: 'c', isNear: true, freeBytes: undefined },
    ];
    expect(chooseStandIn(candidates, 10, new Set())).toBe(b);
    expect(chooseStandIn(candidates, 10, new Set(['b']))).toBe(a);
    expect(chooseStandIn(candidates, 10, new Set(['a', 'b', 'c']))).toBe(b);
    expect(chooseStandIn(candidates, 100, new Set())).toBe(c);
    expect(chooseStandIn(candidates.slice(0, 2), 100, new Set())).toBe(undefined);
    const far = candidates.map((candidate) => ({ ...candidate, isNear: candidate.nodeId === a }));
    expect(chooseStandIn(far, 10, new Set())).toBe(a);
    expect(chooseStandIn(far, 10, new Set(['a']))).toBe(b);
  });
});

describe('diversion', () => {
  test('P61: a member without room costs no copy, and holds a pointer', () => {
    const { world, member, standIn } = diverted();
    expect(world.holders(STORED)).toEqual([id('5'), id('6'), standIn.nodeId].sort());
    expect(member.disk.size).toBe(0);
    expect(outputsOf(world.node('d'), 'stored').at(-1)).toMatchObject({ complete: true });
    expect(copiesReported(world.node('d'))).toEqual(world.holders(STORED));
  });

  test('P61: a disk that fails at the write, whatever it said of its room, diverts too', () => {
    const world = ring();
    const member = world.node(FULL);
    member.past.handle({ type: 'room', freeBytes: Number.MAX_SAFE_INTEGER });
    member.capacityBytes = 100;
    world.node('d').store(1, STORED);
    world.run(20_000);
    expect(outputsOf(member, 'pull').filter(({ keep }) => keep)).not.toEqual([]);
    expect(outputsOf(world.node('d'), 'stored').at(-1)).toMatchObject({ complete: true });
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P61: and so does one that is a member already when it fills up, for what repair brings', () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(DROP_GRACE_MS);
    world.node('d').sources.clear();
    world.node('7').isFull = true;
    world.node('3').isFull = true;
    world.kill(world.node('4'));
    world.run(20_000);
    expect(world.holders(STORED)).toHaveLength(3);
    world.kill(world.node('5'));
    world.run(20_000);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P61: where nobody has room it is refused, and never counted', () => {
    const world = ring(['4', '5', '6', '7', '8']);
    for (const name of ['4', '7', '8']) world.node(name).isFull = true;
    world.node('5').store(1, STORED);
    world.run(30_000);
    expect(world.holders(STORED)).toEqual([id('5'), id('6')]);
    expect(copiesReported(world.node('5'))).toEqual([id('5'), id('6')]);
    expect(outputsOf(world.node('5'), 'stored').some(({ complete }) => complete)).toBe(false);
    expect(world.node(FULL).past.pointers).toEqual([]);
  });

  test('P61: a stand-in keeps one copy of a block, and only for who should hold it', () => {
    const { world, standIn } = diverted();
    const divert = { type: 'divert', blocks: [STORED], source: undefined, orders: [], leases: [] } as const;
    const answersTo = (from: string) => {
      standIn.sent.length = 0;
      standIn.past.receive(id(from), divert);
      return standIn.sent.filter(({ to }) => to === id(from)).map(({ message }) => message.type);
    };
    expect(answersTo(FULL)).toEqual(['holding']);
    // Of another member, whose copy would be the same one.
    expect(answersTo('5')).toEqual(['refuse']);
    // Of nobody that should hold it.
    expect(answersTo('c')).toEqual(['refuse']);
    world.run(1_000);
  });

  test('P61: who gets the block all the same while a stand-in is sought keeps no pointer beside it', () => {
    const world = ring();
    const member = world.node(FULL);
    member.past.handle({ type: 'room', freeBytes: 0 });
    world.node('d').store(1, STORED);
    for (let step = 0; step < 200 && !member.sent.some(({ message }) => message.type === 'divert'); step += 1)
      world.run(5);
    member.disk.set(STORED.digest, { block: STORED, isCorrupt: false });
    member.past.handle({ type: 'disk', held: [STORED] });
    world.run(20_000);
    expect(member.past.pointers).toEqual([]);
    world.node('d').sources.clear();
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P62: a stand-in keeps its copy as long as it is asked to, and then as any that belongs to others', () => {
    const { world, member, standIn } = diverted();
    world.run(UNTIL_DROPPED_MS);
    expect(standIn.disk.has(STORED.digest)).toBe(true);
    world.kill(member);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(world.expectedHolders(STORED));
  });

  test('P62: a stand-in that dies is replaced', () => {
    const { world, member, standIn } = diverted();
    world.kill(standIn);
    world.run(20_000);
    expect(world.holders(STORED)).toHaveLength(3);
    expect(member.past.pointers).toHaveLength(1);
    expect(member.past.pointers[0]?.target).not.toBe(standIn.nodeId);
  });

  test('P62: a stand-in that leaves hands its copy to another', () => {
    const { world, standIn } = diverted();
    world.leave(standIn);
    world.run(30_000);
    expect(world.nodes.has(standIn.nodeId)).toBe(false);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P62: a stand-in that becomes a member holds a copy of its own, and another one stands in', () => {
    const { world, member, standIn } = diverted();
    world.kill(world.node('6'));
    world.run(20_000);
    world.kill(world.node('5'));
    world.run(RENEW_ROUNDS_MS);
    const holders = world.holders(STORED);
    expect(holders.length).toBeGreaterThanOrEqual(3);
    const [pointer] = member.past.pointers;
    expect(pointer === undefined || !world.expectedHolders(STORED).includes(pointer.target)).toBe(true);
    expect(holders).toContain(standIn.nodeId);
  });

  test('P62: a stand-in whose copy is lost is found out, and the copy made again', () => {
    const { world, standIn } = diverted();
    standIn.disk.delete(STORED.digest);
    standIn.past.handle({ type: 'block-lost', digest: STORED.digest });
    world.run(20_000);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test.each([FULL, 'stand-in'])('P62: after a reload of %s there are as many copies', (which) => {
    const { world, member, standIn } = diverted();
    const again = world.reload(which === FULL ? member : standIn);
    again.isFull = which === FULL;
    world.run(RENEW_ROUNDS_MS);
    expect(world.holders(STORED).length).toBeGreaterThanOrEqual(3);
    world.run(UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toHaveLength(3);
    expect(world.node(FULL).past.pointers).toHaveLength(1);
  });

  test('P62: when all members but one are gone the stand-in brings the block to the new ones', () => {
    const { world } = diverted();
    world.kill(world.node('5'));
    world.kill(world.node('6'));
    world.run(20_000);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P62: a member that comes in beside two that only point gets its copy from stand-ins that do not see it', () => {
    const world = new World({ leafSetSize: 8 });
    const ids = [
      '58ed',
      '5966',
      '5b60',
      '6419',
      '6534',
      '66aa',
      '6a04',
      '6ade',
      '6b5e',
      '6c00',
      '7bfb',
      '7e56',
      '7e83',
      '7e92',
    ];
    world.joinAll([...ids, '9', 'a', 'b', 'c', 'd', 'e', 'f', '1', '2', '3']);
    world.run(1_000);
    const stored = block('71de');
    const farStandIns = ['6534', '7e83'];
    for (const name of ids) world.node(name).isFull = !['6c00', ...farStandIns].includes(name);
    world.node('d').store(1, stored);
    world.run(180_000);
    world.node('d').sources.clear();
    expect(world.holders(stored)).toEqual(['6c00', ...farStandIns].map((name) => id(name)).sort());
    world.node('6a04').isFull = false;
    world.kill(world.node('6c00'));
    world.run(RENEW_ROUNDS_MS);
    for (const name of farStandIns) expect(world.node(name).leaves().length).toBe(8);
    expect(world.holders(stored)).toEqual(['6a04', ...farStandIns].map((name) => id(name)).sort());
  });

  test('P70: a displaced holder that does not see the whole replica set finds another member past a full root', () => {
    const world = new World({ leafSetSize: 6 });
    world.joinAll(['2', '3', '4e', '4f', '50', '6', '7', '9', 'a', 'b', 'c', 'd', 'e', 'f']);
    world.run(1_000);
    world.node('50').isFull = true;
    world.node('d').store(1, STORED);
    world.run(20_000);
    expect(world.node('50').past.pointers).toHaveLength(1);
    const away = new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]);
    const displaced = world.join('8', { disk: away });
    world.run(1_000);
    // The root is its outermost leaf: of the other members it knows none.
    expect(displaced.covers(STORED.key)).toBe(true);
    expect(displaced.leaves().map(({ nodeId }) => nodeId)).not.toContain(id('4f'));
    world.run(UNTIL_DROPPED_MS + RENEW_ROUNDS_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P17: displaced copies go where all members point to others, the root too', () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(20_000);
    world.node('d').sources.clear();
    for (const name of ['50', '52', '54']) world.join(name).isFull = true;
    world.run(RENEW_ROUNDS_MS);
    const displaced = world.join('58', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    world.run(UNTIL_DROPPED_MS + RENEW_ROUNDS_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
    const pointers = ['50', '52', '54'].flatMap((name) => world.node(name).past.pointers);
    expect(world.holders(STORED)).toEqual(pointers.map(({ target }) => target).sort());
    expect(pointers).toHaveLength(3);
  });

  test('P17: the same where the root cannot reach who stands in for another member', () => {
    const world = new World({ leafSetSize: 8 });
    world.joinAll(NAMES);
    // All that member 4 may point to but f.
    for (const name of ['1', '2', '3', '4', '7', '8']) world.node(name).isFull = true;
    world.run(1_000);
    world.node('d').store(1, STORED);
    world.run(20_000);
    world.node('d').sources.clear();
    expect(world.node('4').past.pointers).toMatchObject([{ target: id('f') }]);
    for (const pair of ['5000 f000', 'f000 5000']) world.apart.add(pair);
    world.reload(world.node('5'));
    const displaced = world.join('78', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    world.run(UNTIL_DROPPED_MS + RENEW_ROUNDS_MS);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
    expect(world.holders(STORED)).toEqual([id('5'), id('6'), id('f')]);
  });

  test('P17: the same from a holder that sees none of the members', () => {
    const world = new World({ leafSetSize: 4 });
    world.joinAll(NAMES);
    world.node('d').store(1, STORED);
    world.run(20_000);
    world.node('d').sources.clear();
    for (const name of ['50', '52', '54']) world.join(name).isFull = true;
    world.run(RENEW_ROUNDS_MS);
    const displaced = world.join('b8', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    // Before those that hold it have said so, another than the root has been asked to judge.
    for (const node of world.nodes.values())
      node.hears = (from, message) => {
        if (message.type !== 'offer' || message.intent !== 'replicate') return false;
        world.later(3_000, () => node.past.receive(from, message));
        return true;
      };
    world.run(UNTIL_DROPPED_MS + 2 * RENEW_ROUNDS_MS);
    expect(displaced.covers(STORED.key)).toBe(false);
    expect(displaced.disk.has(STORED.digest)).toBe(false);
    // Nor is it brought back by those that stand in for the members, and cannot judge.
    world.run(UNTIL_DROPPED_MS + 2 * RENEW_ROUNDS_MS);
    expect(outputsOf(displaced, 'pull')).toEqual([]);
    expect(world.holders(STORED)).toHaveLength(3);
  });

  test('P17: members that refuse whatever they are offered for want of room are asked a few times a minute', () => {
    const world = ring();
    const displaced = world.join('78', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    for (const member of ['4', '5', '6'].map((name) => world.node(name)))
      member.hears = (from, message) => {
        if (message.type !== 'offer') return false;
        for (const { digest } of message.blocks) member.send(from, { type: 'refuse', digest, reason: 'full' });
        return true;
      };
    world.run(2 * ROUND_MS);
    const before = displaced.sent.length;
    world.run(ROUND_MS);
    expect(displaced.sent.length - before).toBeLessThan(20);
    expect(displaced.disk.has(STORED.digest)).toBe(true);
  });

  test('P62: it is found by who fetches it, though only a pointer leads there', () => {
    const { world, standIn } = diverted('5');
    for (const name of ['4', '6']) world.node(name).gives = 'nothing';
    const reader = world.node('d');
    reader.fetch(1, STORED);
    world.run(60_000);
    expect(outputsOf(reader, 'fetched')).toMatchObject([{ from: standIn.nodeId }]);
  });

  test('P62: its lease is made longer and ended at the stand-in', () => {
    const { world, standIn } = diverted();
    const tombstone = world.lease('user', STORED, { serial: 2, ends: true });
    world.node('d').past.handle({ type: 'lease', request: 2, block: STORED, lease: tombstone });
    world.run(5_000);
    expect(outputsOf(world.node('d'), 'leased')[0]?.kept).toContain(standIn.nodeId);
    expect(world.holders(STORED)).toEqual([]);
  });

  test('P62, P37: who counts the copies counts the one of the stand-in, by its own word', () => {
    const { world, standIn } = diverted();
    const watcher = world.node('e');
    watcher.past.handle({ type: 'watch', block: STORED });
    world.run(20_000);
    const counted = outputsOf(watcher, 'counted')
      .at(-1)
      ?.holders.map(({ nodeId }) => nodeId);
    expect([...(counted ?? [])].sort()).toEqual([id('5'), id('6'), standIn.nodeId].sort());
  });
});

describe('pointers', () => {
  test('P63: one at nothing counts nowhere, and who makes such is not believed', () => {
    const world = ring();
    const liar = world.node(FULL);
    liar.hears = (from, message) => {
      if (message.type !== 'offer' || from === liar.nodeId) return false;
      for (const { digest } of message.blocks)
        liar.send(from, { type: 'diverted', digest, target: id('8'), receipts: [] });
      return true;
    };
    world.node('d').store(1, STORED);
    world.run(10_000);
    expect(copiesReported(world.node('d'))).not.toContain(id('8'));
    expect(outputsOf(world.node('d'), 'stored').some(({ complete }) => complete)).toBe(false);
    for (const name of ['5', '6']) expect(known(world, name)).not.toContain(id('8'));
    world.run(2 * ROUND_MS);
    expect(world.misdeedsOf(FULL)).toContain('a copy claimed and denied');
    expect(world.holders(STORED).filter((nodeId) => nodeId !== liar.nodeId)).toHaveLength(3);
  });

  test('P63: two at one copy count once', () => {
    const known = new KnownCopies();
    const [a, b, c] = [id('a'), id('b'), id('c')];
    expect(known.point('x', a, c)).toBe(true);
    expect(known.point('x', b, c)).toBe(false);
    expect(known.holders('x')).toEqual([c]);
    known.forget('x', c);
    expect(known.holderFor('x', a)).toBe(undefined);
    expect(known.point('x', b, c)).toBe(true);
    known.keepOnly('x', [b, c]);
    expect(known.holders('x')).toEqual([]);
  });

  test('P63: counts only while this node should hold the block, and its target is a leaf that should not', () => {
    const facts = fc.record({ isMember: fc.boolean(), isTargetLeaf: fc.boolean(), isTargetMember: fc.boolean() });
    fc.assert(
      fc.property(facts, (given) => {
        const isGood = given.isMember && given.isTargetLeaf && !given.isTargetMember;
        expect(isPointerGood(given)).toBe(isGood);
      }),
    );
  });

  test('P63: a stranger’s word about another one’s copy changes nothing', () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(10_000);
    const before = known(world, '5');
    world.node('5').past.receive(id('c'), { type: 'diverted', digest: STORED.digest, target: id('d'), receipts: [] });
    world.run(10_000);
    expect(known(world, '5')).toEqual(before);
  });
});

describe('disks that fill up', () => {
  test('P61, P63: whatever their sizes, what is told complete is on k disks, and no told copy is none', () => {
    const capacities = fc.array(fc.integer({ min: 0, max: 60_000 }), {
      minLength: NAMES.length,
      maxLength: NAMES.length,
    });
    fc.assert(
      fc.property(capacities, fc.array(fc.boolean(), { minLength: 15, maxLength: 15 }), (sizes, tells) => {
        const world = ring();
        [...world.nodes.values()].forEach((node, index) => {
          node.capacityBytes = sizes[index] ?? 0;
          if (tells[index] === true) node.tellRoom();
        });
        const blocks = Array.from({ length: 24 }, (_, number) => ({
          ...block((number % 16).toString(16), number),
          size: 500 + 250 * (number % 7),
        }));
        blocks.forEach((stored, number) => {
          world.node(NAMES[number % NAMES.length] ?? '1').store(number, stored);
          world.run(500);
        });
        world.run(120_000);
        for (const node of world.nodes.values()) {
          for (const [number, stored] of blocks.entries()) {
            const told = outputsOf(node, 'stored').filter(({ request }) => request === number);
            const last = told.at(-1);
            if (last === undefined) continue;
            const holders = world.holders(stored);
            expect(last.holders.filter((holder) => !holders.includes(holder))).toEqual([]);
            if (last.complete) expect(holders.length).toBeGreaterThanOrEqual(3);
          }
        }
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  test('P61: members that fill up one after the other lose nothing that was acknowledged', () => {
    const world = ring();
    const blocks = Array.from({ length: 20 }, (_, number) => block(`${(number % 16).toString(16)}1`, number));
    blocks.forEach((stored, number) => {
      world.node('d').store(number, stored);
      world.run(300);
      const name = NAMES[number % NAMES.length];
      if (number % 3 === 0 && name !== undefined && number < 24) world.node(name).isFull = true;
    });
    world.run(60_000);
    world.node('d').sources.clear();
    const acknowledged = outputsOf(world.node('d'), 'stored').map(({ request }) => request);
    for (const name of ['1', '9']) world.kill(world.node(name));
    world.run(10 * ROUND_MS);
    for (const number of new Set(acknowledged)) {
      const stored = blocks[number];
      if (stored !== undefined) expect(world.holders(stored).length).toBeGreaterThanOrEqual(3);
    }
  });

  test('P61: an offer of a block that is diverted already is answered at once', () => {
    const { member } = diverted();
    member.sent.length = 0;
    member.past.receive(id('5'), offer([STORED], 'replicate'));
    expect(member.sent.map(({ message }) => message.type)).toEqual(['diverted']);
  });
});
