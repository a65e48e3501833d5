// A simulated ring with a node that lies: its scheme lets it sign as itself alone, so its lies stay its own.

import { describe, expect, it } from 'vitest';
import type { Input, Instant, Output } from '../../src/core/io.ts';
import { closestId, idAfter, type NodeId } from '../../src/core/pastry/id.ts';
import type { ReplyPayload } from '../../src/core/pastry/messages.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING } from '../../src/core/pastry/timing.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Cluster } from '../../src/sim/cluster.ts';
import type { SimMachine } from '../../src/sim/host.ts';
import { createTabringNode, type MachineOptions } from '../../src/sim/machine.ts';
import { Rng } from '../../src/sim/rng.ts';

const NODES = 24;

/** Answers every question that passes it in the name of whoever is next to the key, and speaks for a node that is not there. */
class Liar implements SimMachine {
  readonly #core: SimMachine;
  readonly #nodeId: NodeId;
  lies = 0;

  constructor(options: MachineOptions) {
    this.#core = createTabringNode(options);
    this.#nodeId = options.self.nodeId;
  }

  get wakeAt(): Instant | undefined {
    return this.#core.wakeAt;
  }

  inspect(): ReturnType<SimMachine['inspect']> {
    return this.#core.inspect();
  }

  handle(input: Input, now: Instant): readonly Output[] {
    return [...this.#lie(input), ...this.#core.handle(input, now)];
  }

  #lie(input: Input): readonly Output[] {
    if (input.type !== 'message') return [];
    const { from, message } = input;
    this.lies += 1;
    const invented = idAfter(from, 1n);
    const sealed = { certificate: 'invented', number: this.lies, text: 'AAAA' };
    const relay: Output = {
      ...{ type: 'send', to: from },
      message: { type: 'relay', direction: 'from', peer: invented, sealed },
    };
    if (message.type !== 'routed') return [relay];
    const { id, key, route, payload } = message;
    const answer: ReplyPayload = { kind: 'found', route: [...route, this.#nodeId, idAfter(key, 1n)] };
    const back = [...route].reverse();
    const reply = { type: 'reply', id, token: this.lies, back, payload: answer } as const;
    // Once unsigned, and once signed by the gate as what it is: this node's own.
    return [
      relay,
      { type: 'send', to: from, message: { ...reply, proof: undefined, asked: { key, payload } } },
      { type: 'send', to: from, message: { ...reply, proof: undefined } },
    ];
  }
}

function createRing(wire: boolean): { readonly cluster: Cluster; readonly liars: Liar[] } {
  const liars: Liar[] = [];
  const cluster = new Cluster({
    seed: 11,
    params: { ...DEFAULT_RING_PARAMS, digits: 8, leafSetSize: 4 },
    timing: DEFAULT_TIMING,
    ...{ topology: 'plane', links: 'handshake', wire },
    createMachine: (options) => {
      if (cluster.hosts.size !== 3) return createTabringNode(options);
      const liar = new Liar(options);
      liars.push(liar);
      return liar;
    },
  });
  for (let count = 0; count < NODES; count += 1) {
    const host = cluster.join();
    cluster.runUntil(() => host.status === 'active', 60_000);
  }
  cluster.run(30_000);
  return { cluster, liars };
}

describe('a simulated node that lies', () => {
  for (const wire of [true, false]) {
    it(`R61: is believed for itself alone, ${wire ? 'over the codec' : 'without the codec'}`, () => {
      const { cluster, liars } = createRing(wire);
      const ids = Array.from(cluster.hosts, ({ nodeId }) => nodeId);
      const roots: [NodeId | undefined, NodeId | undefined][] = [];
      cluster.network.listen({
        handled: (_, __, outputs) => {
          for (const output of outputs) {
            if (output.type === 'looked-up') roots.push([output.root, closestId(output.key, ids)]);
          }
        },
      });
      for (let round = 0; round < 8; round += 1) {
        for (const host of cluster.hosts)
          if (!(host.machine instanceof Liar)) cluster.lookups.issue(host, cluster.randomKey());
        cluster.run(1_000);
      }
      cluster.run(40_000);
      expect(liars).toHaveLength(1);
      expect(liars[0]?.lies).toBeGreaterThan(100);
      expect(roots.length).toBeGreaterThan(8 * (NODES - 1) * 0.9);
      for (const [root, right] of roots) expect(root).toBe(right);
      const refused = new Set([...cluster.hosts].flatMap((host) => [...host.refused.keys()]));
      expect([...refused]).toContain('misbehaved: relay: a certificate that is foreign');
      for (const { machine } of cluster.hosts) {
        const { leafSet, routingTable } = machine.inspect();
        const known = [...leafSet.cw, ...leafSet.ccw, ...routingTable.map(({ nodeId }) => nodeId)];
        expect(known.filter((nodeId) => !ids.includes(nodeId))).toEqual([]);
      }
    });
  }
});

describe('the simulator’s keys', () => {
  const authority = new CheapAuthority(new Rng(1));
  const [a, b, c] = ['a', 'b', 'c'].map((name) =>
    authority.scheme({ role: 'node', nodeId: name as NodeId, epoch: 1, device: name }),
  );
  if (a === undefined || b === undefined || c === undefined) throw new Error('three were made');

  it('sign for their owner alone, and for what was signed alone', () => {
    const signature = a.sign('answer', ['x', 1]);
    if (typeof signature !== 'string') throw new Error('it takes no time');
    expect(signature).toHaveLength(86);
    expect(b.verify(a.certificate, signature, 'answer', ['x', 1])).toBe(true);
    expect(b.verify(c.certificate, signature, 'answer', ['x', 1])).toBe(false);
    expect(b.verify(a.certificate, signature, 'answer', ['x', 2])).toBe(false);
    expect(b.verify(a.certificate, signature, 'receipt', ['x', 1])).toBe(false);
    expect(b.check(a.encoded)).toEqual(a.certificate);
    expect(b.check(a.encoded.replace('node', 'client'))).toBe('foreign');
  });

  it('seal for two alone', () => {
    const [nonce, bytes] = [Uint8Array.of(1), Uint8Array.of(7, 8, 9)];
    const [ab, ba, cb] = [
      a.keys.agree(b.certificate.agreeKey, 'x'),
      b.keys.agree(a.certificate.agreeKey, 'x'),
      c.keys.agree(b.certificate.agreeKey, 'x'),
    ];
    if (ab instanceof Promise || ba instanceof Promise || cb instanceof Promise) throw new Error('it takes no time');
    const sealed = ab.seal(nonce, bytes);
    if (sealed instanceof Promise) throw new Error('it takes no time');
    expect(sealed).toHaveLength(3 + 16);
    expect(ba.unseal(nonce, sealed)).toEqual(bytes);
    expect(ba.unseal(Uint8Array.of(2), sealed)).toBeUndefined();
    expect(cb.unseal(nonce, sealed)).toBeUndefined();
    const other = b.keys.agree(a.certificate.agreeKey, 'y');
    expect(other instanceof Promise ? bytes : other.unseal(nonce, sealed)).toBeUndefined();
  });
});
