// What a peer may say wrongly, on purpose or not.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_QUEUED_OF_LEAF } from '../../src/core/past/intake.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import { block, id, LEASE_MS, offer, outputsOf, RING_STARTED_MS, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const STORED = block('51');

function ring(): World {
  const world = new World();
  world.joinAll(NAMES);
  world.run(1_000);
  return world;
}

describe('hostile input', () => {
  test('P22: reports of anybody but the root of the store are ignored', () => {
    const world = ring();
    const storer = world.node('d');
    storer.store(1, STORED);
    const report = {
      type: 'copies',
      digest: STORED.digest,
      holders: [id('1'), id('2'), id('3')],
      receipts: [],
      wanted: 3,
    } as const;
    storer.past.receive(id('7'), report);
    world.run(55);
    storer.past.receive(id('7'), report);
    storer.past.receive(id('7'), { type: 'refuse', digest: STORED.digest, reason: 'full' });
    expect(outputsOf(storer, 'stored')).toEqual([]);
    expect(outputsOf(storer, 'store-failed')).toEqual([]);
  });

  test('P22: a root cannot talk the wanted number of copies down', () => {
    const world = ring();
    const storer = world.node('d');
    storer.store(1, STORED);
    world.run(55);
    storer.past.receive(id('5'), {
      type: 'copies',
      digest: STORED.digest,
      holders: [id('5')],
      receipts: [],
      wanted: 1,
    });
    expect(outputsOf(storer, 'stored')).toEqual([]);
  });

  test("P22: a claim to hold a block counts for the claimer's own copy only", () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(2_000);
    world.kill(world.node('4'));
    // A stranger and a leaf that is no member claim copies; the member that owes one is still asked.
    world.node('5').past.receive(id('c'), { type: 'holding', digests: [STORED.digest], receipts: [] });
    world.node('5').past.receive(id('9'), { type: 'holding', digests: [STORED.digest, 'unknown'], receipts: [] });
    world.run(3_000);
    expect(world.holders(STORED)).toEqual([id('5'), id('6'), id('7')]);
  });

  test('P15: a block that belongs to others is refused', () => {
    const world = ring();
    world.node('c').past.receive(id('d'), offer([STORED], 'replicate'));
    world.node('c').past.receive(id('d'), offer([STORED], 'store'));
    expect(world.node('c').sent).toEqual([
      { to: id('d'), message: { type: 'refuse', digest: STORED.digest, reason: 'not-mine' } },
      { to: id('d'), message: { type: 'refuse', digest: STORED.digest, reason: 'not-mine' } },
    ]);
  });

  test('P15: a held digest offered under another key is refused, not claimed', () => {
    const world = ring();
    world.node('d').store(1, STORED);
    world.run(2_000);
    const node = world.node('5');
    node.sent.length = 0;
    node.past.receive(id('6'), offer([{ ...STORED, key: id('53') }], 'replicate'));
    expect(node.sent).toEqual([
      { to: id('6'), message: { type: 'refuse', digest: STORED.digest, reason: 'not-mine' } },
    ]);
  });

  test('P15: a node that means to drop a copy does not confirm it', () => {
    const world = ring();
    const holder = world.reload(world.node('a'));
    world.run(100);
    const disk = new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]);
    holder.past.handle({
      type: 'start',
      sponsor: undefined,
      held: [...disk.values()].map((copy) => copy.block),
      leased: [],
    });
    holder.sent.length = 0;
    holder.past.receive(id('9'), offer([STORED], 'replicate'));
    expect(holder.sent).toMatchObject([{ message: { type: 'refuse', reason: 'not-mine' } }]);
  });

  test('P16: a flood of offers fills a bounded queue', () => {
    const world = ring();
    const node = world.node('5');
    for (let start = 0; start < 3 * MAX_QUEUED_OF_LEAF; start += 200) {
      const blocks = Array.from({ length: 200 }, (_, index) => block('51', start + index));
      for (const { digest } of blocks) world.node('6').sources.add(digest);
      node.past.receive(id('6'), offer(blocks, 'replicate'));
    }
    world.run(3_600_000);
    expect(outputsOf(node, 'pull').length).toBe(MAX_QUEUED_OF_LEAF);
  });

  test('P22: no sequence of messages makes a node throw, or drop a copy that it owes', () => {
    const names = fc.constantFrom(...NAMES.map((name) => id(name)));
    const blocks = fc
      .tuple(fc.constantFrom('51', '31', 'c1'), fc.integer({ min: 0, max: 3 }))
      .map(([key, number]) => block(key, number));
    const digests = blocks.map(({ digest }) => digest);
    const nonces = fc.constantFrom('1', '2');
    const hashes = fc.constantFrom(undefined, 'made up');
    const proofs = names.map((by) => ({ by, device: by, certificate: '', signature: '' }));
    const slip = fc.record({ digest: digests, size: fc.constantFrom(1_000, 7), receiptFor: nonces, proof: proofs });
    const receipts = fc.array(slip, { maxLength: 3 });
    const members = fc.array(names, { maxLength: 5 });
    // Of owners who may sign what they like; the block's own is none of them.
    const owner = fc.constantFrom('', 'anybody', 'somebody');
    const times = fc.constantFrom(0, RING_STARTED_MS - LEASE_MS, RING_STARTED_MS, RING_STARTED_MS + LEASE_MS, 9e15);
    const serial = fc.constantFrom(0, 1, 9e15);
    const terms = { expires: times, serial, ends: fc.boolean(), signature: fc.constant('') };
    const leases = fc.array(fc.record({ digest: digests, owner, ...terms }), { maxLength: 12 });
    const taken = fc.record({ digest: digests, owner, serial, held: fc.boolean() });
    const message: fc.Arbitrary<PastMessage> = fc.oneof(
      fc.record({
        type: fc.constant('offer' as const),
        blocks: fc.array(blocks, { maxLength: 6 }),
        intent: fc.constantFrom('store' as const, 'replicate' as const),
        orders: receipts,
        leases,
      }),
      fc.record({ type: fc.constant('leases' as const), blocks: fc.array(blocks, { maxLength: 4 }), leases }),
      fc.record({ type: fc.constant('leased' as const), leased: fc.array(taken, { maxLength: 4 }), members }),
      fc.record({ type: fc.constant('clock?' as const), nonce: nonces }),
      fc.record({ type: fc.constant('clock' as const), nonce: nonces, time: fc.maxSafeNat() }),
      fc.record({ type: fc.constant('holding' as const), digests: fc.array(digests, { maxLength: 4 }), receipts }),
      fc.record({
        type: fc.constant('refuse' as const),
        digest: digests,
        reason: fc.constantFrom('full' as const, 'not-mine' as const),
      }),
      fc.record({
        type: fc.constant('copies' as const),
        digest: digests,
        holders: fc.array(names, { maxLength: 5 }),
        receipts,
        wanted: fc.integer({ min: 0, max: 9 }),
      }),
      fc.record({ type: fc.constant('prove' as const), digest: digests, nonce: nonces }),
      fc.record({ type: fc.constant('proof' as const), digest: digests, nonce: nonces, hash: hashes }),
      fc.record({ type: fc.constant('lost' as const), digests: fc.array(digests, { maxLength: 4 }) }),
      fc.record({ type: fc.constant('bad-copy' as const), digest: digests }),
    );
    const steps = fc.array(
      fc.tuple(fc.constantFrom('4', '5', '6', 'c'), names, message, fc.integer({ max: 9_000, min: 0 })),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = ring();
        world.node('d').store(1, STORED);
        world.run(2_000);
        for (const [to, from, said, waitMs] of sequence) {
          if (from !== id(to)) world.node(to).past.receive(from, said);
          world.run(waitMs);
        }
        expect(world.holders(STORED)).toEqual(expect.arrayContaining([id('4'), id('5'), id('6')]));
      }),
      { numRuns: 50 },
    );
  });
});
