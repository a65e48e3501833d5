// Members that lie about copies: as the root of a store, as a holder, to who fetches, and to have others drop their copies.

import { describe, expect, test } from 'vitest';
import { KEEP_DISPLACED_MS } from '../../src/core/past/drop-judgement.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import type { Receipt } from '../../src/core/past/receipts.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import type { FakeNode } from './fake-node.ts';
import { block, id, outputsOf, UNTIL_DROPPED_MS, World } from './world.ts';

const NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const MEMBERS = ['5', '6', '4'];
const STORED = block('51');

function ring(params: ConstructorParameters<typeof World>[0] = {}): World {
  const world = new World(params);
  world.joinAll(NAMES);
  world.run(1_000);
  return world;
}

function ringWithFile(params: ConstructorParameters<typeof World>[0] = {}): World {
  const world = ring(params);
  world.node('d').store(1, STORED);
  world.run(60_000);
  world.node('d').sources.clear();
  return world;
}

/** Of those that keep what they say they keep. */
function honestHolders(world: World, stored = STORED): string[] {
  return world.holders(stored).filter((nodeId) => world.nodes.get(nodeId)?.keepsNothing !== true);
}

/** Answers each store as the root with reports of three holders; with its own receipt, if `signs`; and keeps nothing. */
function lieAsRoot(root: FakeNode, signs: boolean): void {
  root.hears = (from, message) => {
    if (message.type !== 'offer') return message.type !== 'prove';
    for (const { digest, size } of message.blocks) {
      const [order] = message.orders;
      const own: Receipt[] =
        signs && order !== undefined ? [{ digest, size, receiptFor: order.receiptFor, proof: undefined }] : [];
      const holders = MEMBERS.map((name) => id(name));
      root.send(from, { type: 'copies', digest, holders, receipts: own, wanted: 3 });
    }
    return true;
  };
}

describe('a root that reports copies that there are not', () => {
  test.each([false, true])(
    'P28, P29: 100 of 100 stores end with honest copies all the same; its own receipt: %s',
    (signs) => {
      const world = ring();
      lieAsRoot(world.node('5'), signs);
      const storer = world.node('d');
      for (let number = 0; number < 100; number += 1) {
        storer.store(number, block('51', number));
        world.run(number === 0 ? 30_000 : 1_000);
        const honest = honestHolders(world, block('51', number)).length;
        expect(honest).toBeGreaterThanOrEqual(2);
        expect(outputsOf(storer, 'stored').filter(({ request }) => request === number).length).toBeGreaterThan(0);
      }
      expect(outputsOf(storer, 'store-failed')).toEqual([]);
      expect(world.misdeedsOf('5')).toContain('a store without receipts');
    },
  );

  test('P28: in its place no word counts, whatever it says, but the receipts that it brings', () => {
    const world = ring();
    const storer = world.node('d');
    lieAsRoot(world.node('5'), false);
    storer.store(1, STORED);
    world.run(9_000);
    expect(outputsOf(storer, 'stored')).toEqual([]);
  });

  test('P29: one that refuses again and again is passed over too', () => {
    const world = ring();
    const storer = world.node('d');
    world.node('5').hears = (from, { type }) => {
      if (type === 'offer') world.node('5').send(from, { type: 'refuse', digest: STORED.digest, reason: 'not-mine' });
      return true;
    };
    storer.store(1, STORED);
    world.run(10_000);
    expect(honestHolders(world)).toEqual([id('4'), id('6')]);
    expect(outputsOf(storer, 'stored').at(-1)?.holders).toEqual([id('6'), id('4')]);
  });

  test('P29: it is found past a root that names nobody, where the storer is far from the key', () => {
    const world = ring({ leafSetSize: 6 });
    const storer = world.node('d');
    expect(storer.covers(STORED.key)).toBe(false);
    lieAsRoot(world.node('5'), false);
    world.node('5').answers = ({ kind }) =>
      kind === 'lookup' ? 'honest' : { kind: 'holders', holders: [], route: [id('d'), id('5')] };
    storer.store(1, STORED);
    world.run(30_000);
    expect(honestHolders(world).length).toBeGreaterThanOrEqual(2);
    expect(outputsOf(storer, 'stored').at(-1)?.holders.length).toBeGreaterThanOrEqual(2);
  });

  test('P28: receipts of an earlier store, of others, and made up ones count for nothing', () => {
    const world = ring();
    const storer = world.node('d');
    const root = world.node('5');
    storer.store(1, STORED);
    world.run(1_000);
    const old = root.sent.flatMap(({ message }) => (message.type === 'copies' ? [...message.receipts] : []));
    expect(old.length).toBeGreaterThan(0);
    world.run(120_000);
    for (const name of MEMBERS) world.node(name).disk.clear();
    for (const name of MEMBERS) world.kill(world.node(name));
    world.run(5_000);
    for (const name of MEMBERS) world.join(name);
    world.run(5_000);
    const liar = world.node('5');
    liar.hears = (from, message) => {
      const [order] = message.type === 'offer' ? message.orders : [];
      if (order === undefined) return true;
      const { digest, size, receiptFor } = order;
      const proof = { by: id('6'), device: 'device of 6', certificate: '', signature: 'made up' };
      const receipts = [
        ...old,
        ...old.map((receipt) => ({ ...receipt, receiptFor })),
        { digest, size, receiptFor, proof },
      ];
      liar.send(from, { type: 'copies', digest, holders: [], receipts, wanted: 3 });
      return true;
    };
    storer.outputs.length = 0;
    storer.store(2, STORED);
    world.run(9_000);
    expect(outputsOf(storer, 'stored')).toEqual([]);
  });
});

describe('a member that says that it holds, and keeps nothing', () => {
  /** How it answers questions for proofs. */
  const evasions: readonly [string, (liar: FakeNode) => FakeNode['hears']][] = [
    ['denies', () => () => false],
    [
      'says nothing',
      () =>
        (_from, { type }) =>
          type === 'prove',
    ],
    [
      'makes something up',
      (liar) => (from, message) => {
        if (message.type === 'prove') liar.send(from, { ...message, type: 'proof', hash: 'f'.repeat(64) });
        return message.type === 'prove';
      },
    ],
    [
      'passes on what a true holder answers',
      (liar) => {
        const askers = new Map<string, FakeNode['nodeId']>();
        return (from, message) => {
          if (message.type === 'prove') {
            askers.set(message.nonce, from);
            liar.send(from === id('5') ? id('6') : id('5'), message);
            return true;
          }
          const asker = message.type === 'proof' ? askers.get(message.nonce) : undefined;
          if (asker !== undefined) liar.send(asker, message);
          return asker !== undefined;
        };
      },
    ],
  ];

  test.each(evasions)('P31: is found out, and its copies are made elsewhere: it %s', (_how, hearsOf) => {
    const world = ring();
    const liar = world.node('4');
    liar.keepsNothing = true;
    liar.hears = hearsOf(liar);
    for (let number = 0; number < 20; number += 1) world.node('d').store(number, block('51', number));
    world.run(60_000);
    world.node('d').sources.clear();
    for (let number = 0; number < 20; number += 1)
      expect(honestHolders(world, block('51', number))).toEqual([id('5'), id('6'), id('7')]);
    expect(world.misdeedsOf('4').length).toBeGreaterThan(0);
    for (const name of NAMES.filter((name) => name !== '4')) expect(world.misdeedsOf(name)).toEqual([]);
  });

  test('P36: the storer, who was told of three copies, hears of two, and then of three again', () => {
    const world = ring();
    const storer = world.node('d');
    const liar = world.node('4');
    liar.keepsNothing = true;
    const [, makeUp] = evasions[2] ?? [];
    liar.hears = makeUp?.(liar) ?? liar.hears;
    storer.store(1, STORED);
    world.run(50_000);
    const told = outputsOf(storer, 'stored').map(({ holders }) => [...holders].sort().join());
    expect(told).toContain([id('4'), id('5'), id('6')].join());
    expect(told).toContain([id('5'), id('6')].join());
    expect(told.at(-1)).toBe([id('5'), id('6'), id('7')].join());
    world.run(120_000);
    expect(outputsOf(storer, 'store-settled')).toEqual([{ type: 'store-settled', request: 1 }]);
  });

  test('P31: one that hides it until later is found by the checks that go on', () => {
    const world = ringWithFile();
    world.run(10 * ROUND_MS);
    const liar = world.node('4');
    liar.keepsNothing = true;
    liar.disk.clear();
    world.run(20 * ROUND_MS);
    expect(honestHolders(world)).toEqual(expect.arrayContaining([id('5'), id('6'), id('7')]));
  });

  test('P31: a holder that lost its disk is no liar: its copies come again', () => {
    const world = ringWithFile();
    world.node('4').disk.clear();
    world.run(20 * ROUND_MS);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
  });
});

describe('a root that hides copies from who fetches', () => {
  const lies: readonly [string, (root: FakeNode) => void][] = [
    [
      'names nobody',
      (root) => {
        root.answers = () => ({ kind: 'holders', holders: [], route: [root.nodeId] });
      },
    ],
    [
      'names itself, and gives wrong bytes',
      (root) => {
        root.answers = () => ({ kind: 'holders', holders: [root.nodeId], route: [root.nodeId] });
        root.gives = 'wrong bytes';
      },
    ],
    [
      'names itself, and never comes to an end',
      (root) => {
        root.answers = () => ({ kind: 'holders', holders: [root.nodeId], route: [root.nodeId] });
        root.gives = 'no end';
      },
    ],
    [
      'says nothing',
      (root) => {
        root.answers = () => undefined;
      },
    ],
  ];

  test.each(lies)('P33: they are found at the others within some seconds: it %s', (_how, lie) => {
    for (const leafSetSize of [16, 6]) {
      const world = ringWithFile({ leafSetSize });
      lie(world.node('5'));
      world.node('b').fetch(7, STORED);
      world.run(9_000);
      expect(outputsOf(world.node('b'), 'fetched')).toMatchObject([{ request: 7 }]);
    }
  });

  test('P70: and by a node whose leaf set reaches to the root, and not to the others', () => {
    const world = new World({ leafSetSize: 6 });
    world.joinAll(['2', '3', '4e', '4f', '50', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f']);
    world.run(1_000);
    world.node('d').store(1, STORED);
    world.run(5_000);
    expect(world.holders(STORED)).toEqual(['4e', '4f', '50'].map((name) => id(name)));
    world.node('50').answers = () => undefined;
    world.node('50').gives = 'nothing';
    expect(world.node('8').covers(STORED.key)).toBe(true);
    world.node('8').fetch(7, STORED);
    world.run(9_000);
    expect(outputsOf(world.node('8'), 'fetched')).toMatchObject([{ request: 7 }]);
  });

  test('P33: who gave wrong bytes is asked last the next time', () => {
    const world = ringWithFile();
    world.node('5').gives = 'wrong bytes';
    const fetcher = world.node('b');
    for (let request = 0; request < 6; request += 1) {
      fetcher.fetch(request, STORED);
      world.run(2_000);
    }
    expect(outputsOf(fetcher, 'fetched')).toHaveLength(6);
    expect(outputsOf(fetcher, 'pull').filter(({ from }) => from === id('5'))).toHaveLength(1);
    expect(world.misdeedsOf('5')).toContain('wrong bytes');
  });

  test('P33: a slow holder is given all its time when there is no other', () => {
    const world = ringWithFile();
    for (const name of MEMBERS) world.node(name).gives = 'no end';
    world.node('b').fetch(7, STORED);
    world.run(60_000);
    expect(outputsOf(world.node('b'), 'fetch-failed')).toEqual([]);
  });
});

describe('nodes that would have others drop their copies', () => {
  test('P32: the words of any number of nodes, without proofs, drop nothing', () => {
    const world = ringWithFile();
    const liars = ['4e', '4f', '51', '52', '53'].map((name) => world.join(name));
    for (const liar of liars) {
      // They hold nothing, and say all that a holder would.
      liar.hears = (from, message) => {
        if (message.type !== 'offer') return true;
        for (const { digest } of message.blocks) {
          liar.send(from, { type: 'holding', digests: [digest], receipts: [] });
          const holders = liars.map(({ nodeId }) => nodeId);
          liar.send(from, { type: 'copies', digest, holders, receipts: [], wanted: 3 });
        }
        return true;
      };
    }
    world.run(2 * UNTIL_DROPPED_MS);
    expect(world.holders(STORED)).toEqual(MEMBERS.map((name) => id(name)).sort());
  });

  test('P32: k - 1 proofs are too few', () => {
    const world = ringWithFile();
    const liar = world.join('53');
    world.run(2_000);
    liar.keepsNothing = true;
    liar.disk.clear();
    liar.hears = (_from, { type }) => type === 'prove';
    world.run(2 * UNTIL_DROPPED_MS);
    expect(world.node('4').disk.has(STORED.digest)).toBe(true);
  });

  test('P32: nor do they for a holder that is far away', () => {
    const world = new World({ leafSetSize: 6 });
    world.joinAll(NAMES.filter((name) => name !== 'd'));
    const far = world.join('d', { disk: new Map([[STORED.digest, { block: STORED, isCorrupt: false }]]) });
    world.run(2_000);
    const liar = world.node('4');
    liar.keepsNothing = true;
    liar.disk.clear();
    liar.hears = (_from, { type }) => type === 'prove';
    // Nor can anybody else take its place.
    for (const node of world.nodes.values()) node.isFull = node !== far;
    world.run(2 * UNTIL_DROPPED_MS);
    expect(outputsOf(far, 'drop')).toEqual([]);
  });

  test('P32: three that come beside a key and serve it do not delete it by going', () => {
    const world = ringWithFile();
    const colluding = ['50f', '51', '511'].map((name) => world.join(name));
    world.run(KEEP_DISPLACED_MS - ROUND_MS);
    for (const { disk } of colluding) expect(disk.has(STORED.digest)).toBe(true);
    for (const node of colluding) {
      node.disk.clear();
      world.kill(node);
    }
    world.run(5_000);
    expect(world.holders(STORED)).toEqual([id('4'), id('5'), id('6')]);
    world.node('b').fetch(7, STORED);
    world.run(2_000);
    expect(outputsOf(world.node('b'), 'fetched')).toHaveLength(1);
  });

  test('P30: proofs that nobody asked for, and proofs for another, count for nothing', () => {
    const world = ringWithFile();
    const displaced = world.node('4');
    world.join('53');
    world.loses = (_to, { type }) => type === 'proof';
    world.run(UNTIL_DROPPED_MS);
    const asked = displaced.sent.flatMap(({ to, message }) => (message.type === 'prove' ? [{ to, message }] : []));
    expect(asked.length).toBeGreaterThan(0);
    for (const { message } of asked) {
      const proof: PastMessage = { ...message, type: 'proof', hash: 'made up' };
      displaced.past.receive(id('a'), proof);
      displaced.past.receive(id('a'), { ...proof, nonce: 'another' });
    }
    expect(displaced.disk.has(STORED.digest)).toBe(true);
    expect(world.misdeedsOf('a')).toContain('a proof that nobody asked for');
  });
});

describe('questions for proofs', () => {
  test('P30: of one peer a few wait, and more are counted and dropped; others are answered', () => {
    const world = ringWithFile();
    const holder = world.node('5');
    holder.sent.length = 0;
    for (let number = 0; number < 500; number += 1)
      holder.past.receive(id('a'), { type: 'prove', digest: STORED.digest, nonce: String(number).padStart(32, '0') });
    holder.past.receive(id('b'), { type: 'prove', digest: STORED.digest, nonce: 'b'.repeat(32) });
    world.run(5_000);
    const answers = holder.sent.filter(({ message }) => message.type === 'proof');
    expect(answers.filter(({ to }) => to === id('a')).length).toBeLessThan(10);
    expect(answers.filter(({ to }) => to === id('b'))).toHaveLength(1);
    expect(world.misdeedsOf('a')).toContain('more questions for proofs than one may have waiting');
  });

  test('P30: the disk is read at a pace', () => {
    const world = ring();
    const holder = world.node('5');
    const blocks = Array.from({ length: 16 }, (_, number) => ({ ...block('51', number), size: 4 * 1024 * 1024 }));
    for (const large of blocks) holder.disk.set(large.digest, { block: large, isCorrupt: false });
    holder.start();
    const readsBefore = outputsOf(holder, 'prove').length;
    blocks.forEach(({ digest }, number) => {
      const asker = NAMES.filter((name) => name !== '5')[number % 4] ?? '';
      holder.past.receive(id(asker), { type: 'prove', digest, nonce: String(number).padStart(32, '0') });
    });
    world.run(2_000);
    const reads = outputsOf(holder, 'prove').length - readsBefore;
    expect(reads).toBeGreaterThan(3);
    expect(reads).toBeLessThan(12);
  });
});
