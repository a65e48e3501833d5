// Blocks of a node to which no link can be had: a third node that has links to both brings them.

import { beforeEach, describe, expect, it } from 'vitest';
import type { NodeId } from '../../src/core/pastry/id.ts';
import {
  BRING_TIMEOUT_MS,
  CUT_OFF_MS,
  MAX_BROUGHT,
  MAX_BROUGHT_FOR_PEER,
  MAX_BROUGHT_FOR_STRANGERS,
  MAX_INCOMING,
  PULL_TIMEOUT_MS,
} from '../../src/peer/limits.ts';
import { withRelayed } from '../../src/peer/link-list.ts';
import { CHUNK_BYTES } from '../../src/wire/limits.ts';
import { id } from './ids.ts';
import { MemoryNetwork, NO_PATH_MS } from './memory-links.ts';
import { blockOf, RogueNode, sha256Of, someBytes, TransferNode } from './transfer-node.ts';
import { VirtualTime } from './virtual-time.ts';

let time: VirtualTime;
let network: MemoryNetwork;
/** Cannot reach each other. */
let a: TransferNode;
let b: TransferNode;
/** Reaches both. */
let c: TransferNode;

beforeEach(() => {
  time = new VirtualTime();
  network = new MemoryNetwork(time);
  a = new TransferNode(network, 'a');
  b = new TransferNode(network, 'b');
  c = new TransferNode(network, 'c');
  network.part(a.nodeId, b.nodeId);
  b.carriers = [c.nodeId];
});

async function outcomesOfB(count: number): Promise<readonly string[]> {
  await time.until(() => b.outcomes.length >= count, 120_000);
  return b.outcomes;
}

async function pulledByB(size: number, seed: number, from: NodeId = a.nodeId): Promise<string> {
  const block = await a.holds(someBytes(size, seed));
  b.transfers.pull(from, block, true);
  return block.digest;
}

describe('a block of a node that no link reaches', () => {
  it('comes through a node that has links to both, and stays there not', async () => {
    const digest = await pulledByB(3 * CHUNK_BYTES + 17, 1);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    expect(sha256Of((await b.store.get(digest)) ?? new Uint8Array())).toBe(digest);
    expect(b.machine.heard('block-arrived')).toEqual([{ type: 'block-arrived', from: a.nodeId, digest, kept: true }]);
    expect(await c.store.list()).toEqual([]);
    expect(c.counters.snapshot([])).toMatchObject({ 'blocks brought for others': 1 });
    expect(c.machine.heard('block-arrived')).toEqual([]);
  });

  it('goes that way at once while it is known that no link opens, and directly again when it may have become possible', async () => {
    await pulledByB(1_000, 1);
    await outcomesOfB(1);
    expect(time.now).toBeGreaterThanOrEqual(PULL_TIMEOUT_MS);
    await time.pass(NO_PATH_MS);
    const before = time.now;
    await pulledByB(1_000, 2);
    expect(await outcomesOfB(2)).toEqual(['kept', 'kept']);
    expect(time.now - before).toBeLessThan(1_000);
    await time.pass(CUT_OFF_MS);
    const later = time.now;
    await pulledByB(1_000, 3);
    await outcomesOfB(3);
    expect(time.now - later).toBeGreaterThanOrEqual(PULL_TIMEOUT_MS);
  });

  it('comes from the own disk of who is to bring it, if it is there', async () => {
    const bytes = someBytes(1_000, 1);
    await c.holds(bytes);
    b.transfers.pull(a.nodeId, blockOf(bytes), true);
    expect(await outcomesOfB(1)).toEqual(['kept']);
  });

  it('is asked of the next node if one cannot bring it, is gone, or is silent', async () => {
    const d = new TransferNode(network, 'd');
    network.part(a.nodeId, d.nodeId);
    const silent = new RogueNode(network, 'e');
    b.carriers = [d.nodeId, id('f'), silent.nodeId, c.nodeId];
    await pulledByB(1_000, 1);
    expect(await outcomesOfB(1)).toEqual(['kept']);
    expect(silent.heard[0]).toMatchObject({ type: 'bring', source: a.nodeId });
    // The holder is found out of reach by b and by d; then the silent one is waited for.
    expect(time.now).toBeGreaterThanOrEqual(2 * PULL_TIMEOUT_MS + BRING_TIMEOUT_MS);
  });

  it('fails if nobody can bring it', async () => {
    b.carriers = [];
    await pulledByB(1_000, 1);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
  });

  it('is not held against its holder when the bringer spoils it', async () => {
    const liar = new RogueNode(network, 'd');
    liar.onControl = (control) => {
      if (control.type !== 'bring') return;
      liar.says(b, { type: 'sending', transfer: control.transfer, size: 1_000 });
      liar.sends(b, control.transfer, 0, new Uint8Array(1_000));
    };
    b.carriers = [liar.nodeId];
    await pulledByB(1_000, 1);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
    b.carriers = [liar.nodeId, c.nodeId];
    await pulledByB(1_000, 2);
    expect(await outcomesOfB(2)).toEqual(['aborted', 'kept']);
  });

  it('comes with many others, both ways at once', async () => {
    a.carriers = [c.nodeId];
    const count = 3 * MAX_INCOMING;
    for (let seed = 0; seed < count; seed += 1) {
      await pulledByB(2 * CHUNK_BYTES, seed);
      a.transfers.pull(b.nodeId, await b.holds(someBytes(CHUNK_BYTES, 1_000 + seed)), true);
    }
    await time.until(() => a.outcomes.length + b.outcomes.length >= 2 * count, 120_000);
    expect(new Set([...a.outcomes, ...b.outcomes])).toEqual(new Set(['kept']));
    expect(c.counters.snapshot([])).toMatchObject({ 'blocks brought for others': 2 * count });
  });
});

describe('a node that brings blocks', () => {
  it('brings a few at a time, also if askers give up, and goes on with its own', async () => {
    const source = new RogueNode(network, 'd');
    const askers = ['e', 'f', '1'].map((name) => new RogueNode(network, name));
    const [asker] = askers;
    if (asker === undefined) throw new Error('no asker');
    const digest = (seed: number): string => blockOf(someBytes(10, seed)).digest;
    const pulled = (): number => source.heard.filter(({ type }) => type === 'pull').length;
    for (const [index, { links }] of askers.entries()) {
      links.connect(c.nodeId);
      await time.pass(100);
      for (let number = 0; number < 3 * MAX_BROUGHT; number += 1) {
        const transfer = 100 * index + number;
        askers[index]?.says(c, { type: 'bring', transfer, digest: digest(transfer), source: source.nodeId });
        await time.pass(10);
        askers[index]?.says(c, { type: 'pull-stop', transfer });
        await time.pass(10);
      }
      // A few for each, and not more for all.
      expect(pulled()).toBe(Math.min(MAX_BROUGHT, (index + 1) * MAX_BROUGHT_FOR_PEER));
    }
    const own = await a.holds(someBytes(1_000, 99));
    c.transfers.pull(a.nodeId, own, true);
    await time.until(() => c.machine.heard('block-arrived').length === 1, 1_000);
    // What the silent source does not give is given up, and the places are free again.
    await time.pass(PULL_TIMEOUT_MS + 1_000);
    const block = await a.holds(someBytes(1_000, 100));
    asker.says(c, { type: 'bring', transfer: 77, digest: block.digest, source: a.nodeId });
    await time.until(() => asker.heard.some(({ type, transfer }) => type === 'sending' && transfer === 77), 1_000);
  });

  it('brings less for strangers, who keep no neighbour from its blocks', async () => {
    const source = new RogueNode(network, 'd');
    const [first, second, neighbour] = ['e', 'f', '1'].map((name) => new RogueNode(network, name));
    if (first === undefined || second === undefined || neighbour === undefined) throw new Error('not three');
    c.bringing = (peer) => (peer === neighbour.nodeId ? 'neighbour' : 'stranger');
    for (const { links } of [first, second, neighbour]) links.connect(c.nodeId);
    await time.pass(100);
    const ask = (asker: RogueNode, transfer: number): void =>
      asker.says(c, {
        type: 'bring',
        transfer,
        digest: blockOf(someBytes(10, transfer)).digest,
        source: source.nodeId,
      });
    for (let transfer = 0; transfer < 5; transfer += 1) for (const asker of [first, second]) ask(asker, transfer);
    await time.pass(100);
    expect(source.heard).toHaveLength(MAX_BROUGHT_FOR_STRANGERS);
    for (let transfer = 10; transfer < 15; transfer += 1) ask(neighbour, transfer);
    await time.pass(100);
    expect(source.heard).toHaveLength(MAX_BROUGHT_FOR_STRANGERS + MAX_BROUGHT_FOR_PEER);
  });

  it('opens no link to a node that an asker names, and tells the asker so', async () => {
    const asker = new RogueNode(network, 'e');
    c.bringing = (_, source) => (source === a.nodeId ? 'stranger' : undefined);
    asker.links.connect(c.nodeId);
    await time.pass(100);
    for (let transfer = 0; transfer < 10; transfer += 1) {
      asker.says(c, { type: 'bring', transfer, digest: 'ab'.repeat(32), source: id(`d${transfer}`) });
    }
    await time.pass(100);
    expect(asker.heard.map(({ type }) => type)).toEqual(Array.from({ length: 10 }, () => 'pull-refused'));
    expect(c.links.links()).toHaveLength(1);
    expect(c.counters.snapshot([])).toEqual({ 'blocks not brought: no link to their holder': 10 });
  });

  it('brings nothing on from a third', async () => {
    network.part(a.nodeId, c.nodeId);
    const d = new TransferNode(network, 'd');
    c.carriers = [d.nodeId];
    await pulledByB(1_000, 1);
    expect(await outcomesOfB(1)).toEqual(['aborted']);
    expect(d.counters.snapshot([])).toEqual({});
  });

  it('counts it against an asker to name itself', async () => {
    const asker = new RogueNode(network, 'd');
    asker.links.connect(c.nodeId);
    await time.pass(100);
    asker.says(c, { type: 'bring', transfer: 1, digest: 'ab'.repeat(32), source: asker.nodeId });
    await time.pass(100);
    expect(c.counters.snapshot([])).toEqual({ 'misbehaved: a block to be brought from its asker': 1 });
  });
});

describe('the list of links', () => {
  it('has relayed leaves instead of attempts at links to them', () => {
    const [open, opening, far] = [id('1'), id('2'), id('3')];
    const links = [
      { nodeId: open, state: 'open' },
      { nodeId: opening, state: 'connecting' },
      { nodeId: far, state: 'connecting' },
    ] as const;
    const relayed = new Map([
      [far, open],
      [open, opening],
    ]);
    expect(withRelayed(links, relayed)).toEqual([
      { nodeId: open, state: 'open' },
      { nodeId: opening, state: 'connecting' },
      { nodeId: far, state: 'relayed', path: 'ring', carrier: open },
    ]);
  });
});
