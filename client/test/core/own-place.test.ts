// One real node that was led astray when it joined: it searches its own place once it has seen that routing lies. The test plays
// the rest of the ring.

import { beforeEach, describe, expect, test } from 'vitest';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Routed } from '../../src/core/pastry/messages.ts';
import { id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

/** Nodes stand about 0x00100000 apart: some 4,000 in all. */
const SELF = '10000000';
const LEAVES = ['0fc00000', '0fd00000', '0fe00000', '0ff00000', '10100000', '10200000', '10300000', '10400000'];
const FAR = '90000000';
const STRANGER = '50000000';
const KNOWN = [...LEAVES, FAR];
/** Nobody told of it. */
const NEIGHBOUR = '10080000';
const LIAR = '88700000';
const ROOT = '88010000';
const KEY = id('88000000');

let lone: LoneNode;
beforeEach(() => {
  lone = LoneNode.founder(SELF, KNOWN, { leafSetSize: 8 });
});

interface Question {
  readonly to: string;
  readonly message: Routed;
  /** Whom it is for. */
  readonly target: string;
}

/** Questions for the nodes closest to `key` that were sent since the last call. */
function questions(key: string): Question[] {
  return lone.takeSent().flatMap(({ to, message }) => {
    if (message.type !== 'routed' || message.payload.kind !== 'closest' || message.key !== key) return [];
    return [{ to, message, target: message.payload.via.at(-1) ?? to }];
  });
}

/** Plays those who are named, who answer, and are silent else, until `key` is not asked about any more, or all is done; returns who was asked. */
function search(
  key: string,
  named: Readonly<Record<string, readonly string[]>>,
  isDone: () => boolean = () => false,
): string[] {
  const asked: string[] = [];
  let idle = 0;
  while (idle < 10 && !isDone()) {
    const sent = questions(key);
    if (sent.length === 0) {
      lone.run(1_000);
      idle += 1;
      continue;
    }
    idle = 0;
    for (const { to, message, target } of sent) {
      asked.push(target);
      const nodes = named[target];
      if (nodes === undefined || message.payload.kind !== 'closest') continue;
      const route = [lone.nodeId, id(to), ...message.payload.via];
      lone.answer(to, message.id, { kind: 'closest', nodes: nodes.map(id), route });
    }
  }
  return asked;
}

/** Somebody answers for a key although another is closer, and others for keys just beside that one when all must know it. */
function deceive(): void {
  lone.input({ type: 'lookup', request: 1, key: KEY });
  claim(lookups().at(-1), LIAR);
  search(KEY, { [FAR]: [ROOT], [ROOT]: [] });
  const before = lookups().length;
  const again = () =>
    lookups()
      .slice(before)
      .filter(({ message }) => message.key.startsWith(ROOT.slice(0, 3)));
  for (let step = 0; step < 60 && again().length === 0; step += 1) lone.run(1_000, KNOWN);
  const key = again()[0]?.message.key ?? '';
  again().forEach((sent, leg) => {
    claim(sent, leg === 0 ? ROOT : LIAR);
  });
  search(key, { [FAR]: [ROOT], [ROOT]: [] }, () => lone.node.counters.get('lies-proved') === 1);
  expect(lone.node.counters.get('lies-proved')).toBe(1);
  lone.takeSent();
}

function lookups(): { readonly to: NodeId; readonly message: Routed }[] {
  return lone.log.flatMap(({ to, message }) => {
    return message.type === 'routed' && message.payload.kind === 'lookup' ? [{ to, message }] : [];
  });
}

function claim(sent: { readonly to: NodeId; readonly message: Routed } | undefined, root: string): void {
  if (sent === undefined) throw new Error('a lookup leaves');
  lone.acknowledge(sent.to, sent.message.token);
  lone.answer(FAR, sent.message.id, { kind: 'found', route: [lone.nodeId, id(FAR), id(root)] });
}

function leafSetAsked(): string[] {
  return lone.log.flatMap(({ to, message }) => (message.type === 'leaf-set' && message.asks ? [to] : []));
}

describe('R81: the own place', () => {
  test('is searched by who becomes wary, and who answers is asked like any candidate for the leaf set', () => {
    deceive();
    const asked = search(SELF, { [LEAVES[0] ?? '']: [NEIGHBOUR], [NEIGHBOUR]: [] });
    expect(asked).toEqual(expect.arrayContaining([...LEAVES, NEIGHBOUR]));
    expect(leafSetAsked()).toContain(NEIGHBOUR);
    // Asked, and not yet believed.
    expect(lone.leaves).not.toContain(NEIGHBOUR);
  });

  test('takes nobody for a candidate who does not answer for itself', () => {
    deceive();
    const asked = search(SELF, { [LEAVES[0] ?? '']: [NEIGHBOUR] });
    expect(asked).toContain(NEIGHBOUR);
    expect(leafSetAsked()).not.toContain(NEIGHBOUR);
  });

  test('is searched by way of strangers, for whom the Discovery node is asked; sixteen times, and not at once', () => {
    deceive();
    const asked = () => lone.outputs.filter(({ type }) => type === 'ask-sponsor').length;
    const before = asked();
    lone.run(9_000, KNOWN);
    expect(asked() - before).toBe(0);
    lone.run(2_000, KNOWN);
    expect(asked() - before).toBe(1);
    lone.run(20 * 60_000, KNOWN);
    expect(asked() - before).toBe(16);
  });

  test('is searched again by way of each stranger that the Discovery node names', () => {
    deceive();
    lone.run(30_000, KNOWN);
    lone.input({ type: 'sponsor', sponsor: id(STRANGER) });
    const asked = search(SELF, { [STRANGER]: [NEIGHBOUR], [NEIGHBOUR]: [] });
    expect(asked).toContain(STRANGER);
    expect(leafSetAsked()).toContain(NEIGHBOUR);
  });

  test('is not searched by who has seen no lie', () => {
    lone.input({ type: 'sponsor', sponsor: id(STRANGER) });
    expect(search(SELF, {})).toEqual([]);
  });
});
