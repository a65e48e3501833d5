// A few short chaos runs in every test run; thousands are run by `npm run sim -- chaos`. Seeds that once failed stay.

import { describe, expect, it } from 'vitest';
import { runChaos } from '../../src/sim/chaos.ts';
import { createTabringNode } from '../../src/sim/machine.ts';

type Seeds = readonly (readonly [number, string])[];

describe('chaos', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: no rule breaks among twelve nodes in ten minutes of faults', (seed) => {
    const without = new Set(['unlinkable']);
    const result = runChaos({ seed, nodes: 12, minutes: 10, wire: true, without, createMachine: createTabringNode });
    expect(result.violations).toEqual([]);
    expect(result.lookups).toBeGreaterThan(100);
    expect(Object.keys(result.faults).length).toBeGreaterThan(2);
  });

  const longSeeds: Seeds = [
    [112, 'a newcomer gave leaves up before it had a link to anybody who could carry'],
    [1014, 'a leaf of an uneven ring was refused, being nearer by the other way round'],
    [110, 'blocks did not flow between nodes that no link joins'],
    [146, 'an id was given twice while the Discovery node was away'],
    [168, 'carriers of no use were asked for ever, instead of a link'],
  ];
  const seeds: Seeds = [[107, 'a probe whose link was lost counted the old link’s silence']];
  it.each(process.env.TABRING_LONG_TESTS === undefined ? seeds : [...seeds, ...longSeeds])(
    'seed %i, in which %s',
    (seed) => {
      const plan = { seed, nodes: 60, minutes: 30, wire: true, createMachine: createTabringNode };
      expect(runChaos(plan).violations).toEqual([]);
    },
  );
});
