// When a copy may go: each condition alone keeps it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DROP_GRACE_MS,
  type DropFacts,
  type DropVerdict,
  judgeDrop,
  KEEP_DISPLACED_MS,
} from '../../src/core/past/drop-judgement.ts';

const NOW = 10 * KEEP_DISPLACED_MS;
/** Nothing is missing. */
const MAY_GO: DropFacts = {
  ...{ now: NOW, isIn: true, isMember: false, standsIn: false, wanted: 3 },
  ...{ since: NOW - DROP_GRACE_MS, changedAt: NOW - DROP_GRACE_MS, displacedAt: NOW - KEEP_DISPLACED_MS },
  ...{ confirmed: 3, proven: 3, provenDevices: 3, devices: 3 },
};

describe('P17, P32, P62: a copy goes only if nothing is missing', () => {
  it.each<[string, DropVerdict, Partial<DropFacts>]>([
    ['nothing', 'drop', {}],
    ['the view of a replica set that is far away', 'drop', { devices: undefined, provenDevices: 1 }],
    ['more devices than there are', 'drop', { devices: 2, provenDevices: 2 }],
    ['being in the ring', 'keep', { isIn: false }],
    ['being no member', 'keep', { isMember: true }],
    ['being in nobody’s place', 'keep', { standsIn: true }],
    ['ever having been displaced', 'keep', { displacedAt: undefined }],
    ['half an hour since', 'keep', { displacedAt: NOW - KEEP_DISPLACED_MS + 1 }],
    ['half a minute since it came', 'keep', { since: NOW - DROP_GRACE_MS + 1 }],
    ['half a minute since the ring changed', 'keep', { changedAt: NOW - DROP_GRACE_MS + 1 }],
    ['one word', 'keep', { confirmed: 2 }],
    ['one proof', 'prove', { proven: 2 }],
    ['all proofs', 'prove', { proven: 0, provenDevices: 0 }],
    ['one device', 'prove', { provenDevices: 2 }],
  ])('missing %s: %s', (_, verdict, facts) => {
    expect(judgeDrop({ ...MAY_GO, ...facts })).toBe(verdict);
  });

  it('whatever the facts, whoever drops leaves k proven copies, and is no member', () => {
    const instant = fc.integer({ min: 0, max: NOW });
    const few = fc.nat(5);
    const facts = fc.record({
      ...{ now: fc.constant(NOW), isIn: fc.boolean(), isMember: fc.boolean(), standsIn: fc.boolean() },
      ...{ wanted: fc.constant(3) },
      ...{ since: instant, changedAt: instant, displacedAt: fc.option(instant, { nil: undefined }) },
      ...{ confirmed: few, proven: few, provenDevices: few, devices: fc.option(few, { nil: undefined }) },
    });
    fc.assert(
      fc.property(facts, (given) => {
        if (judgeDrop(given) !== 'drop') return;
        expect(given.isIn && !given.isMember && !given.standsIn).toBe(true);
        expect(given.proven).toBeGreaterThanOrEqual(given.wanted);
      }),
      { numRuns: 5_000 },
    );
  });
});
