// The search for a root among nodes of which many are hostile: a ring made up of tables, without messages or time.

import { describe, expect, test } from 'vitest';
import { closestId, closestIds, type Key, type NodeId, randomIdWith } from '../../src/core/pastry/id.ts';
import { ClosestSearch, MAX_QUESTIONS } from '../../src/core/pastry/routing/closest-search.ts';
import { Oracle } from '../../src/sim/oracle.ts';
import { Rng } from '../../src/sim/rng.ts';
import { id } from './arbitraries.ts';

const DIGITS = 16;
const HALF = 8;
/** So many entries of an honest node's table are hostile, however few nodes are: they claim to be near. */
const HOSTILE_ENTRIES = 0.6;

class FakeRing {
  readonly rng: Rng;
  readonly everybody = new Oracle();
  readonly honest = new Oracle();
  readonly hostile = new Oracle();
  readonly #knownById = new Map<NodeId, readonly NodeId[]>();

  constructor(seed: number, nodes: number, share: number) {
    this.rng = new Rng(seed);
    for (let count = 0; count < nodes; count += 1) {
      const nodeId = this.randomId('');
      this.everybody.add(nodeId);
      (count < share * nodes ? this.hostile : this.honest).add(nodeId);
    }
  }

  randomId(prefix: string): NodeId {
    return randomIdWith(prefix, DIGITS, () => this.rng.float());
  }

  /** What an honest node knows: its leaves, and somebody for each cell for which there is anybody. */
  known(nodeId: NodeId): readonly NodeId[] {
    const remembered = this.#knownById.get(nodeId);
    if (remembered !== undefined) return remembered;
    const { cw, ccw } = this.everybody.leafSet(nodeId, HALF);
    const known = new Set([...cw, ...ccw]);
    for (let row = 0; row < 3; row += 1) {
      for (const digit of '0123456789abcdef') {
        const prefix = nodeId.slice(0, row) + digit;
        if (nodeId.startsWith(prefix)) continue;
        const among = this.rng.chance(HOSTILE_ENTRIES) ? this.hostile : this.everybody;
        const entry =
          this.rng.pick([...among.withPrefix(prefix)]) ?? this.rng.pick([...this.everybody.withPrefix(prefix)]);
        if (entry !== undefined) known.add(entry);
      }
    }
    this.#knownById.set(nodeId, [...known]);
    return [...known];
  }

  /** Runs a search to its end, its questions answered in an order of chance; counts them. */
  search(
    key: Key,
    self: NodeId,
  ): { readonly root: NodeId; readonly via: readonly NodeId[]; readonly questions: number } {
    const search = new ClosestSearch(key, self, this.known(self), false);
    let questions = 0;
    for (let asked = search.next(); !search.isOver || asked.length > 0; asked = search.next()) {
      questions += asked.length;
      for (const { nodeId, via } of this.rng.shuffled(asked)) {
        const named = via.some((node) => this.hostile.has(node)) ? undefined : this.#answer(nodeId, key);
        if (named === undefined) search.silent(nodeId);
        else search.answered(nodeId, named);
      }
    }
    return { root: search.best.nodeId, via: search.best.via, questions };
  }

  /** Undefined of who is not there, or says nothing. Colluders name each other and nodes that nobody is. */
  #answer(nodeId: NodeId, key: Key): readonly NodeId[] | undefined {
    if (this.honest.has(nodeId)) return closestIds(key, this.known(nodeId), 16);
    if (!this.hostile.has(nodeId)) return undefined;
    if (this.rng.chance(0.2) && this.everybody.root(key) !== nodeId) return undefined;
    const own = this.hostile.closest(key, 16);
    return own.map((other) => (this.rng.chance(0.5) ? this.randomId(key.slice(0, 8)) : other));
  }
}

describe('R78: the search for a root', () => {
  test.each([
    [1_000, 0.25],
    [200, 0.25],
  ])('finds it among %i nodes of which a share of %f is hostile', (nodes, share) => {
    let found = 0;
    const searches = 40;
    for (let seed = 0; seed < searches; seed += 1) {
      const ring = new FakeRing(seed, nodes, share);
      const key = ring.randomId('');
      const self = ring.rng.pick(ring.honest.ids) ?? id('');
      const { root, via, questions } = ring.search(key, self);
      if (root === ring.everybody.root(key)) found += 1;
      expect(questions).toBeLessThanOrEqual(MAX_QUESTIONS);
      expect(via.some((node) => ring.hostile.has(node))).toBe(false);
    }
    expect(found).toBe(searches);
  });

  test('takes some dozens of questions, and not all that it may, where nobody is hostile', () => {
    const ring = new FakeRing(7, 1_000, 0);
    const self = ring.honest.ids[0] ?? id('');
    for (let count = 0; count < 20; count += 1) {
      const key = ring.randomId('');
      const { root, questions } = ring.search(key, self);
      expect(root).toBe(ring.everybody.root(key));
      expect(questions).toBeLessThan(MAX_QUESTIONS / 2);
    }
  });
});

describe('R78: a search', () => {
  const KEY = id('8000');
  const SELF = id('1000');

  function asked(search: ClosestSearch): string[] {
    return search.next().map(({ nodeId, via }) => [...via, nodeId].join(' '));
  }

  test('goes to who was named over who named it', () => {
    const search = new ClosestSearch(KEY, SELF, [id('7000')], true);
    expect(asked(search)).toEqual(['7000']);
    search.answered(id('7000'), [id('7f00')]);
    expect(asked(search)).toEqual(['7000 7f00']);
    search.answered(id('7f00'), [id('7ff0')]);
    expect(asked(search)).toEqual(['7000 7f00 7ff0']);
  });

  test('asks who was silent again over another way if fewer than eight that are closer have answered, and others not', () => {
    const near = Array.from({ length: 8 }, (_, index) => id(`7ff${index}`));
    const search = new ClosestSearch(KEY, SELF, [id('7000'), id('9000'), ...near], true);
    search.next();
    search.answered(id('7000'), [id('7fff'), id('a000')]);
    search.next();
    search.answered(id('9000'), [id('7fff'), id('a000')]);
    for (const nodeId of near) search.answered(nodeId, []);
    search.silent(id('7fff'));
    search.silent(id('a000'));
    expect(asked(search)).toEqual(['9000 7fff']);
  });

  test('asks over those over whom most has come', () => {
    const tellers = ['a000', 'a100', 'a200'].map(id);
    const search = new ClosestSearch(KEY, SELF, tellers, true);
    search.next();
    search.answered(id('a100'), ['8400', '8600'].map(id));
    search.answered(id('a200'), ['8500', '8600'].map(id));
    search.answered(id('a000'), ['8300', '8600'].map(id));
    expect(asked(search)).toEqual(['a000 8300', 'a100 8400', 'a200 8500', 'a100 8600']);
    search.answered(id('8300'), []);
    search.silent(id('8600'));
    expect(asked(search)).toEqual(['a000 8600']);
  });

  test('asks over nobody any more over whom three questions have gone and nothing has come', () => {
    const search = new ClosestSearch(KEY, SELF, [id('7000')], true);
    search.next();
    search.answered(id('7000'), ['8001', '8002', '8003', '8004', '8005', '8006'].map(id));
    expect(asked(search)).toEqual(['7000 8001', '7000 8002', '7000 8003']);
    search.answered(id('8002'), []);
    expect(asked(search)).toEqual(['7000 8004', '7000 8005']);
    for (const nodeId of ['8001', '8003', '8004', '8005'].map(id)) search.silent(nodeId);
    expect(asked(search)).toEqual([]);
    expect(search.isOver).toBe(true);
  });

  test('of a node that many name remembers so many ways that colluders who name it first do not fill them', () => {
    const liars = Array.from({ length: 16 }, (_, index) => id(`70${index.toString(16).padStart(2, '0')}`));
    const search = new ClosestSearch(KEY, SELF, [...liars, id('9000')], true);
    search.next();
    for (const liar of liars) search.answered(liar, [id('8001')]);
    search.answered(id('9000'), [id('8001')]);
    const ways = new Set<string>();
    for (let steps = asked(search); steps.length > 0; steps = asked(search)) {
      for (const step of steps) ways.add(step);
      search.silent(id('8001'));
    }
    expect(ways).toContain('9000 8001');
  });

  test('takes nobody for the root who has not answered for itself', () => {
    const search = new ClosestSearch(KEY, SELF, [id('7000')], true);
    search.next();
    search.answered(id('7000'), [id('8001')]);
    search.next();
    search.silent(id('8001'));
    expect(search.isOver).toBe(true);
    expect(search.best).toEqual({ nodeId: '7000', via: [] });
  });

  test('asks for the first choice of each before any second', () => {
    const search = new ClosestSearch(KEY, SELF, [id('7000'), id('9000')], true);
    search.next();
    const liars = ['8001', '8002', '8003', '8004', '8005', '8006'].map(id);
    search.answered(id('7000'), liars);
    search.answered(id('9000'), [id('8800'), id('8900')]);
    const order = ['7000 8001', '9000 8800', '7000 8002', '9000 8900', '7000 8003'];
    expect(asked(search)).toEqual(order);
  });

  test('begins with the twenty that are closest, and asks the others it knows after the first choices', () => {
    const known = Array.from({ length: 40 }, (_, index) => id(`9${index.toString(16).padStart(3, '0')}`));
    const search = new ClosestSearch(KEY, SELF, known, true);
    expect(asked(search)).toEqual(known.slice(0, 32));
    search.answered(id('9000'), ['8001', '8002'].map(id));
    for (const nodeId of known.slice(1, 3)) search.answered(nodeId, []);
    expect(asked(search)).toEqual(['9000 8001', '9020', '9021']);
  });

  test('begins with nodes that it is told to begin with, however far they are', () => {
    const known = Array.from({ length: 40 }, (_, index) => id(`9${index.toString(16).padStart(3, '0')}`));
    const search = new ClosestSearch(KEY, SELF, known, true);
    search.beginWith([id('0001')]);
    expect(asked(search)).toContain('0001');
  });

  test('uses what is beyond the first four that one names, and the twenty closest known, once somebody was silent', () => {
    const known = Array.from({ length: 22 }, (_, index) => id(`9${index.toString(16).padStart(3, '0')}`));
    const search = new ClosestSearch(KEY, SELF, known, false);
    expect(asked(search)).toEqual(known.slice(0, 20));
    search.answered(id('9000'), ['8001', '8002', '8003', '8004', '8005'].map(id));
    for (const nodeId of known.slice(1, 10)) search.answered(nodeId, []);
    expect(asked(search)).toEqual(['9000 8001', '9000 8002', '9000 8003']);
    search.answered(id('8001'), []);
    expect(asked(search)).toEqual(['9000 8004']);
    search.silent(id('9013'));
    expect(asked(search)).toEqual(['9014', '9015', '9000 8005']);
  });

  test('asks last for those whom one names over whom less has come', () => {
    const known = Array.from({ length: 32 }, (_, index) => id(`9${index.toString(16).padStart(3, '0')}`));
    const search = new ClosestSearch(KEY, SELF, known, true);
    expect(search.next()).toHaveLength(32);
    // One place is free at a time.
    search.answered(id('9000'), ['8001', '8002'].map(id));
    expect(asked(search)).toEqual(['9000 8001']);
    search.answered(id('9001'), ['8101', '8102', '8103'].map(id));
    expect(asked(search)).toEqual(['9001 8101']);
    search.answered(id('8101'), []);
    expect(asked(search)).toEqual(['9001 8102']);
    search.silent(id('8001'));
    expect(asked(search)).toEqual(['9001 8103']);
    search.answered(id('8102'), []);
    expect(asked(search)).toEqual(['9000 8002']);
  });

  test('ends, whatever is named to it', () => {
    const rng = new Rng(3);
    const search = new ClosestSearch(id('80000000'), id('10000000'), [id('70000000')], true);
    let questions = 0;
    for (let asked = search.next(); asked.length > 0; asked = search.next()) {
      questions += asked.length;
      for (const { nodeId } of asked) {
        search.answered(
          nodeId,
          Array.from({ length: 16 }, () => randomIdWith('8000', 8, () => rng.float())),
        );
      }
    }
    expect(questions).toBeLessThanOrEqual(MAX_QUESTIONS);
    expect(search.isOver).toBe(true);
  });

  test('counts an answer once, and one of a node that it did not ask not at all', () => {
    const search = new ClosestSearch(KEY, SELF, [id('7000')], true);
    search.answered(id('7000'), [id('7f00')]);
    search.answered(id('8000'), [id('7f00')]);
    expect(search.best.nodeId).toBe(SELF);
    search.next();
    search.answered(id('7000'), []);
    search.answered(id('7000'), [id('7f00')]);
    expect(search.isOver).toBe(true);
    expect(closestId(KEY, [search.best.nodeId])).toBe('7000');
  });
});
