// A few short chaos runs in every test run; thousands are run by `npm run sim -- chaos`. Seeds that once failed stay.

import { describe, expect, it } from 'vitest';
import { runChaos } from '../../src/sim/chaos.ts';
import { createTabringNode } from '../../src/sim/machine.ts';

describe('chaos', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'seed %i: no rule breaks among twelve nodes in ten minutes of faults',
    (seed) => {
      const without = new Set(['unlinkable']);
      const result = runChaos({ seed, nodes: 12, minutes: 10, wire: true, without, createMachine: createTabringNode });
      expect(result.violations).toEqual([]);
      expect(result.lookups).toBeGreaterThan(100);
      expect(Object.keys(result.faults).length).toBeGreaterThan(2);
    },
    60_000,
  );
});
