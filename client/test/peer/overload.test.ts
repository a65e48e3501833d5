// A ring on a machine that has too little time for it for a minute: it must come back by itself. How nodes opened links before
// stands beside it, and does not: without that the model would prove nothing.

import { describe, expect, it } from 'vitest';
import { CrowdedMachine, type Policy, type PolicyHost } from './crowded-machine.ts';
import { EagerDialler } from './eager-dialler.ts';
import { paced } from './paced-dialler.ts';

const CROWD = { nodes: 100, leaves: 8, entries: 12, busyMs: 60_000, share: 0.25 };
/** After the minute: to open all links takes 50 s of the whole machine, and half of that for the leaf sets'. */
const BACK_MS = 90_000;
const CONNECTIONS_PER_LINK = 3;
function run(createPolicy: (host: PolicyHost) => Policy, seed: number) {
  const machine = new CrowdedMachine({ ...CROWD, seed }, createPolicy);
  machine.run(CROWD.busyMs, () => false);
  machine.run(BACK_MS, () => machine.missing === 0);
  const { missing, connections, linksOpened } = machine;
  return { missing, connectionsPerLink: connections / linksOpened };
}

describe('links lost for want of time, on a machine that has too little of it for a minute more', () => {
  it('do not come back where each node opens all that it wants at once', () => {
    const { missing, connectionsPerLink } = run((host) => new EagerDialler(host), 1);
    expect(missing).toBeGreaterThan(0.5);
    expect(connectionsPerLink).toBeGreaterThan(10 * CONNECTIONS_PER_LINK);
  });

  it.each([1, 2])('come back where each opens as many as there is time for (seed %i)', (seed) => {
    const { missing, connectionsPerLink } = run(paced, seed);
    expect(missing).toBe(0);
    expect(connectionsPerLink).toBeLessThan(CONNECTIONS_PER_LINK);
  });
});
