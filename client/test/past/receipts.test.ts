// Orders, receipts, and how a storer counts them.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { copiesOf, verdictOn } from '../../src/core/past/receipt-count.ts';
import { type Receipt, receiptOf, statementsIn, withProofs } from '../../src/core/past/receipts.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Proof } from '../../src/core/proof.ts';
import { block, id, outputsOf, World } from './world.ts';

const STORED = block('51');
const GOAL = { wanted: 3, devices: 3, seesAll: true };

function proofOf(by: NodeId, device = `device of ${by}`): Proof {
  return { by, device, certificate: '', signature: '' };
}

function receipt(by: NodeId, receiptFor = 'this', device?: string): Receipt {
  const { digest, size } = STORED;
  return { digest, size, receiptFor, proof: proofOf(by, device) };
}

function copies(...receipts: readonly Receipt[]) {
  return copiesOf(receipts, STORED, 'this');
}

describe('the storer counts', () => {
  const [a, b, c] = [id('1'), id('2'), id('3')];

  test('P28: receipts for this block, this size and this store, once for each node', () => {
    expect([...copies(receipt(a), receipt(a), receipt(b, 'an earlier store')).keys()]).toEqual([a]);
    expect(copies({ ...receipt(a), digest: block('52').digest }, { ...receipt(b), size: 1 }).size).toBe(0);
    expect(copies({ ...receipt(c), proof: undefined }).size).toBe(0);
  });

  test('P28: more than half of the wanted copies, on more than half of the devices that there can be', () => {
    expect(verdictOn(copies(receipt(a)), GOAL)).toBe('none');
    expect(verdictOn(copies(receipt(a), receipt(b)), GOAL)).toBe('quorum');
    expect(verdictOn(copies(receipt(a), receipt(b), receipt(c)), GOAL)).toBe('complete');
    const tabs = [receipt(a, 'this', 'laptop'), receipt(b, 'this', 'laptop'), receipt(c, 'this', 'laptop')];
    expect(verdictOn(copies(...tabs.slice(1)), GOAL)).toBe('none');
    expect(verdictOn(copies(...tabs), GOAL)).toBe('none');
    expect(verdictOn(copies(...tabs), { ...GOAL, devices: 1 })).toBe('complete');
    expect(verdictOn(copies(...tabs), { ...GOAL, seesAll: false })).toBe('complete');
    expect(verdictOn(copies(...tabs.slice(1)), { ...GOAL, seesAll: false })).toBe('none');
  });

  test('P28: as a dumb count does', () => {
    const some = fc.array(
      fc.record({
        by: fc.constantFrom(...['1', '2', '3', '4'].map((name) => id(name))),
        device: fc.constantFrom('laptop', 'phone', 'desktop'),
        receiptFor: fc.constantFrom('this', 'this', 'another'),
      }),
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (drawn, wanted, devices) => {
        const counted = copies(...drawn.map(({ by, device, receiptFor }) => receipt(by, receiptFor, device)));
        const right = drawn.filter(({ receiptFor }) => receiptFor === 'this');
        expect([...counted.keys()].sort()).toEqual([...new Set(right.map(({ by }) => by))].sort());
        const isQuorum = counted.size > wanted / 2 && new Set(counted.values()).size > devices / 2;
        expect(verdictOn(counted, { wanted, devices, seesAll: true }) !== 'none').toBe(isQuorum);
      }),
    );
  });

  test('P28: in a ring of few browsers two tabs of one are no quorum', () => {
    const world = new World();
    world.join('5', { device: 'laptop' });
    world.join('6', { device: 'laptop' });
    world.join('1', { device: 'phone' });
    world.join('e', { device: 'desktop' });
    world.run(1_000);
    const storer = world.node('e');
    // The root offers the block to a tab of its own browser instead of the other browsers.
    const root = world.node('5');
    root.hears = (from, message) => {
      const [order] = message.type === 'offer' ? message.orders : [];
      if (order === undefined) return true;
      const receipts = [receiptOf(order), { ...receiptOf(order), proof: signedBy(world, '6', receiptOf(order)) }];
      root.send(from, { type: 'copies', digest: STORED.digest, holders: [], receipts, wanted: 3 });
      return true;
    };
    storer.store(1, STORED);
    world.run(9_000);
    expect(outputsOf(storer, 'stored')).toEqual([]);
  });

  test('P28: the root sees fewer devices than the storer beside it, and copies on all that it sees will do', () => {
    const world = new World({ leafSetSize: 2 });
    ['f1c9', '0e38', '0e39', '0e37', '0e3a', '0e3b', '0e3c'].forEach((name, index) => {
      world.join(name, { device: ['laptop', 'phone', 'desktop'][index % 3] ?? '' });
    });
    world.run(1_000);
    const storer = world.node('0e37');
    storer.store(1, block('0000'));
    world.run(1_000);
    expect(outputsOf(storer, 'stored')).toMatchObject([{ root: id('f1c9'), complete: true }]);
  });
});

/** What another node has signed, as its accomplice passes it on. */
function signedBy(world: World, name: string, own: Receipt): Proof | undefined {
  const signed = world.signed(world.node(name), { type: 'holding', digests: [], receipts: [own] });
  return signed.type === 'holding' ? signed.receipts[0]?.proof : undefined;
}

describe('what is signed of a message', () => {
  const order = { digest: STORED.digest, size: STORED.size, receiptFor: 'this', proof: undefined };

  test('P28: orders of offers and receipts of all that carries some; what stays without proof is left out', () => {
    const offer = { type: 'offer', blocks: [STORED], intent: 'store', orders: [order, order], leases: [] } as const;
    const holding = { type: 'holding', digests: [], receipts: [order] } as const;
    const parts = ['this', STORED.digest, STORED.size];
    expect(statementsIn(offer)).toEqual(Array(2).fill({ kind: 'order', parts, proof: undefined }));
    expect(statementsIn(holding)).toEqual([{ kind: 'receipt', parts, proof: undefined }]);
    const proof = proofOf(id('1'));
    expect(withProofs(offer, [undefined, proof])).toEqual({ ...offer, orders: [{ ...order, proof }] });
    expect(withProofs(holding, [undefined])).toEqual({ ...holding, receipts: [] });
    const lost = { type: 'lost', digests: [STORED.digest] } as const;
    expect(statementsIn(lost)).toEqual([]);
    expect(withProofs(lost, [])).toEqual(lost);
  });
});
