import { beforeEach, describe, expect, test } from 'vitest';
import { Sources } from '../../src/core/past/sources.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { id } from './world.ts';

const MIB = 1024 * 1024;
const [a, b, c] = [id('a'), id('b'), id('c')];
const HOLDERS = [a, b, c];

let now = 0;
let sources: Sources;
beforeEach(() => {
  now = 0;
  sources = new Sources(() => now);
});

/** Pulls blocks of a file, four at once, from holders of these paces (bytes a millisecond): how many each gave, in how long. */
function pulled(paces: readonly number[], blocks: number): { given: readonly number[]; ms: number } {
  const given = HOLDERS.map(() => 0);
  const underWay: { holder: NodeId; index: number; beganAt: number; left: number }[] = [];
  let ordered = 0;
  while (ordered < blocks || underWay.length > 0) {
    for (; ordered < blocks && underWay.length < 4; ordered += 1) {
      const [holder = a] = sources.soonestFirst(HOLDERS, MIB);
      sources.began(holder, MIB);
      underWay.push({ holder, index: HOLDERS.indexOf(holder), beganAt: now, left: MIB });
    }
    now += 1;
    for (const pull of [...underWay]) {
      const { holder, index, beganAt } = pull;
      pull.left -= (paces[index] ?? 0) / underWay.filter((other) => other.holder === holder).length;
      if (pull.left > 0) continue;
      underWay.splice(underWay.indexOf(pull), 1);
      sources.ended(holder, MIB, now - beganAt);
      given[index] = (given[index] ?? 0) + 1;
    }
  }
  return { given, ms: now };
}

describe('P10: the soonest holder first', () => {
  test('those that are alike stay in their order, and who has orders comes after who has none', () => {
    expect(sources.soonestFirst(HOLDERS, MIB)).toEqual([a, b, c]);
    sources.began(a, MIB);
    expect(sources.soonestFirst(HOLDERS, MIB)).toEqual([b, c, a]);
    sources.ended(a, MIB, undefined);
    expect(sources.soonestFirst(HOLDERS, MIB)).toEqual([a, b, c]);
  });

  test('one that is ten times as fast gives most of a file, and the slow ones hold it up by a block each', () => {
    const { given, ms } = pulled([100, 1_000, 100], 48);
    expect(given[1]).toBeGreaterThan(36);
    // All three together give 1.2 MB a second; in turns the slow ones would give 16 MiB each, in 168 s.
    expect(ms).toBeLessThan((1.5 * 48 * MIB) / 1_200);
  });

  test('equal ones give equal parts', () => {
    for (const blocks of pulled([500, 500, 500], 48).given) expect(blocks).toBeGreaterThanOrEqual(14);
  });

  test('what was slow is tried again after a minute', () => {
    for (const [holder, tookMs] of [[a, 10_000] as const, [b, 100] as const, [c, 100] as const]) {
      sources.began(holder, MIB);
      sources.ended(holder, MIB, tookMs);
    }
    expect(sources.soonestFirst(HOLDERS, MIB)).toEqual([b, c, a]);
    now += 60_000;
    expect(sources.soonestFirst(HOLDERS, MIB)).toEqual([a, b, c]);
  });
});
