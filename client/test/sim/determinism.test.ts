// Equal seeds give equal runs, to the last message; and the first steps of a small ring are kept as a golden trace.

import { describe, expect, it } from 'vitest';
import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { runChaos } from '../../src/sim/chaos.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import { createTabringNode } from '../../src/sim/machine.ts';
import { Trace, TraceHash } from '../../src/sim/trace.ts';

function chaosHash(seed: number): { readonly hash: string; readonly lines: number } {
  const hash = new TraceHash();
  runChaos({
    seed,
    nodes: 8,
    minutes: 3,
    wire: true,
    createMachine: createTabringNode,
    prepare: (cluster) => cluster.network.listen(new Trace(cluster.network, (line) => hash.add(line))),
  });
  return { hash: hash.hex, lines: hash.lines };
}

describe('determinism', () => {
  it('the same seed gives the same trace, and another seed another', () => {
    const first = chaosHash(4);
    expect(first.lines).toBeGreaterThan(5_000);
    expect(chaosHash(4)).toEqual(first);
    expect(chaosHash(5).hash).not.toBe(first.hash);
  });

  it('the codec changes nothing that happens', () => {
    const results = [true, false].map((wire) =>
      runChaos({ seed: 6, nodes: 8, minutes: 3, wire, createMachine: createTabringNode }),
    );
    expect(results[0]?.faults).toEqual(results[1]?.faults);
    expect(results[0]?.violations).toEqual(results[1]?.violations);
  });
});

describe('golden trace', () => {
  it('three nodes join one by one, the first looks a key up, the second leaves', async () => {
    const lines: string[] = [];
    const cluster = new Cluster({
      seed: 1,
      params: { ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize: 2 },
      timing: DEFAULT_TIMING,
      topology: 'plane',
      links: 'handshake',
      wire: true,
      createMachine: createTabringNode,
    });
    cluster.network.listen(new Trace(cluster.network, (line) => lines.push(line)));
    const hosts = ['2293', '7eaf', 'da7f'].map((name) => {
      const host = cluster.join({ nodeId: idOf(name) });
      cluster.runUntil(() => host.status === 'active', 60_000);
      return host;
    });
    const [first, second] = hosts;
    if (first === undefined || second === undefined) throw new Error('three nodes were made');
    cluster.lookups.issue(first, idOf('8000'));
    cluster.runUntil(() => cluster.lookups.pending === 0, 60_000);
    cluster.leave(second);
    cluster.runUntil(() => second.state === 'down', 60_000);
    cluster.run(1_000);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/three-nodes.txt');
  });
});

function idOf(text: string): Id {
  const id = idFromPrefix(text, 4);
  if (id === undefined) throw new Error(`${text} is no id`);
  return id;
}
