// The choice of sponsors in constant time, checked against a dumb version that looks at all.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DrawPool, drawFrom } from '../draw-pool.ts';
import { FRESH_MS, SEEKING_MS } from '../limits.ts';
import { type Candidate, Sponsors } from '../sponsors.ts';
import { TimeQueue } from '../time-queue.ts';
import { seededRandom } from './support.ts';

interface Member extends Candidate {
  readonly name: number;
}

/** Among whom the choice may fall, by looking at everybody. */
class Dumb {
  readonly members = new Set<Member>();

  forNewcomer(now: number): readonly Member[] {
    const all = [...this.members];
    const fresh = preferred(all, (each) => now - each.lastSeen <= FRESH_MS);
    return fresh.some((each) => now - each.lastSeen <= FRESH_MS) ? preferred(fresh, (each) => each.hasAnswered) : fresh;
  }

  forAsker(asker: Member, now: number): readonly Member[] {
    const others = [...this.members].filter((each) => each !== asker);
    const settled = others.filter((each) => each.soughtAt === undefined || now - each.soughtAt > SEEKING_MS);
    if (settled.length > 0) return preferred(settled, (each) => now - each.lastSeen <= FRESH_MS);
    return others.filter((each) => each.order < asker.order);
  }
}

/** Those that fit, or all if none does. */
function preferred(members: readonly Member[], fits: (member: Member) => boolean): readonly Member[] {
  const fitting = members.filter(fits);
  return fitting.length > 0 ? fitting : members;
}

const step = fc.record({
  what: fc.constantFrom('add', 'add', 'return', 'delete', 'seen', 'answered', 'ask', 'ask'),
  which: fc.nat(20),
  wait: fc.constantFrom(0, 1, 500, FRESH_MS, FRESH_MS + 1, SEEKING_MS, SEEKING_MS + 1),
});

test('a sponsor is always one that the dumb version could have named, and none only if that had none', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 80 }), (seed, steps) => {
      const sponsors = new Sponsors<Member>(seededRandom(seed));
      const dumb = new Dumb();
      let now = 0;
      let order = 0;
      for (const { what, which, wait } of steps) {
        now += wait;
        const member = [...dumb.members][which % Math.max(1, dumb.members.size)];
        if (what === 'add' || what === 'return') {
          const possible = dumb.forNewcomer(now);
          const sponsor = sponsors.forNewcomer(now);
          expectAmong(sponsor, possible);
          const soughtAt = what === 'return' || sponsor === undefined ? undefined : now;
          const added = { name: order, order, lastSeen: now, soughtAt, hasAnswered: false };
          order += 1;
          sponsors.add(added);
          dumb.members.add(added);
        } else if (member !== undefined && what === 'delete') {
          sponsors.delete(member);
          dumb.members.delete(member);
        } else if (member !== undefined && what === 'seen') {
          sponsors.seen(member, now);
        } else if (member !== undefined && what === 'answered') {
          sponsors.answered(member);
        } else if (member !== undefined) {
          const possible = dumb.forAsker(member, now);
          expectAmong(sponsors.forAsker(member, now), possible);
          expect(member.soughtAt).toBe(possible.length === 0 ? undefined : now);
        }
      }
    }),
    { numRuns: 500 },
  );
});

function expectAmong(sponsor: Member | undefined, possible: readonly Member[]): void {
  if (possible.length === 0) expect(sponsor).toBeUndefined();
  else expect(possible.map(({ name }) => name)).toContain(sponsor?.name);
}

test('of many that all are still joining each earlier one can be named', () => {
  const sponsors = new Sponsors<Member>(seededRandom(3));
  const all = Array.from({ length: 50 }, (_, order) => {
    const member = { name: order, order, lastSeen: 0, soughtAt: 0, hasAnswered: false };
    sponsors.add(member);
    return member;
  });
  const last = all.at(-1);
  if (last === undefined) throw new Error('none');
  const named = new Set(Array.from({ length: 1_000 }, () => sponsors.forAsker(last, 1)?.name));
  expect(named.size).toBeGreaterThan(40);
});

test('choosing among 10,000 takes no longer than among 100', () => {
  // Counted, not timed: how many draws of chance and visits of members a choice makes.
  const visits = (members: number): number => {
    let draws = 0;
    const random = seededRandom(1);
    const below = (limit: number): number => {
      draws += 1;
      return random.below(limit);
    };
    const counting = { hex: random.hex, below };
    const sponsors = new Sponsors<Member>(counting);
    let reads = 0;
    const all = Array.from({ length: members }, (_, order) => {
      let soughtAt: number | undefined = 0;
      const member: Member = {
        name: order,
        order,
        lastSeen: 0,
        get soughtAt() {
          reads += 1;
          return soughtAt;
        },
        set soughtAt(value) {
          soughtAt = value;
        },
        hasAnswered: false,
      };
      sponsors.add(member);
      return member;
    });
    [draws, reads] = [0, 0];
    for (const member of all.slice(-50)) sponsors.forAsker(member, 1);
    return draws + reads;
  };
  expect(visits(10_000)).toBeLessThan(visits(100) + 500);
});

describe('a pool', () => {
  test('holds what a set holds, and draws each member but the one left out equally often', () => {
    const change = fc.record({ adds: fc.boolean(), item: fc.nat(9), which: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(change), fc.nat(9), fc.integer(), (changes, leftOut, seed) => {
        const pools = [new DrawPool<number>(), new DrawPool<number>(), new DrawPool<number>()];
        const sets = [new Set<number>(), new Set<number>(), new Set<number>()];
        for (const { adds, item, which } of changes) {
          // Pools share no members.
          if (adds && sets.some((set) => set.has(item))) continue;
          if (adds) pools[which]?.add(item);
          else pools[which]?.delete(item);
          if (adds) sets[which]?.add(item);
          else sets[which]?.delete(item);
        }
        expect(pools.map(({ size }) => size)).toEqual(sets.map(({ size }) => size));
        const members = new Set(sets.flatMap((set) => [...set]));
        members.delete(leftOut);
        const random = seededRandom(seed);
        const drawn = new Set(Array.from({ length: 200 }, () => drawFrom(pools, random, leftOut)));
        expect(drawn).toEqual(members.size === 0 ? new Set([undefined]) : members);
      }),
    );
  });
});

test('a queue keeps the order in which items were pushed last', () => {
  const change = fc.record({ pushes: fc.boolean(), item: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const queue = new TimeQueue<number>();
      const array: number[] = [];
      for (const { pushes, item } of changes) {
        const index = array.indexOf(item);
        if (index >= 0) array.splice(index, 1);
        if (pushes) array.push(item);
        if (pushes) queue.push(item);
        else queue.delete(item);
        expect(queue.first).toBe(array[0]);
      }
      for (const item of array) {
        expect(queue.first).toBe(item);
        expect(queue.has(item)).toBe(true);
        queue.delete(item);
      }
      expect(queue.first).toBeUndefined();
    }),
  );
});
