// Which answers about roots one real node believes, and how it confirms the others; the test plays the rest of the ring.

import { beforeEach, describe, expect, test } from 'vitest';
import type { Output } from '../../src/core/io.ts';
import { idAfter, type Key, type NodeId, ringDistance } from '../../src/core/pastry/id.ts';
import type { Routed } from '../../src/core/pastry/messages.ts';
import { id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

/** Nodes stand about 0x00100000 apart: some 4,000 in all. */
const SELF = '10000000';
const LEAVES = ['0fc00000', '0fd00000', '0fe00000', '0ff00000', '10100000', '10200000', '10300000', '10400000'];
const FAR = '90000000';
const KNOWN = [...LEAVES, FAR];
const KEY = id('88000000');
const TRUE_ROOT = '88010000';
const LIAR = '88700000';
const BESIDE = '88030000';
const SPACING = 0x100000n;
const NEWS_MS = 20_000;

let lone: LoneNode;
beforeEach(() => {
  lone = LoneNode.founder(SELF, KNOWN, { leafSetSize: 8 });
});

function routed(kind: Routed['payload']['kind']): Routed[] {
  const all = lone.takeSent().map(({ message }) => message);
  return all.filter((message): message is Routed => message.type === 'routed' && message.payload.kind === kind);
}

function questions(): Routed[] {
  return routed('closest');
}

/** The request's message, as it leaves. */
function lookUp(request: number, key = KEY): Routed {
  lone.input({ type: 'lookup', request, key });
  const message = lone.log.findLast(({ message }) => message.type === 'routed' && message.payload.kind === 'lookup');
  if (message?.message.type !== 'routed') throw new Error('a lookup leaves');
  lone.acknowledge(message.to, message.message.token);
  return message.message;
}

function claim({ id: messageId }: Routed, root: string): void {
  lone.answer(FAR, messageId, { kind: 'found', route: [lone.nodeId, id(FAR), id(root)] });
}

/** Answers all questions until none is left: `named` by node, and silence of the others. */
function answerAll(
  named: Readonly<Record<string, readonly string[]>>,
  isDone: () => boolean = () => lone.outputs.length > 0,
): string[] {
  const asked: string[] = [];
  for (let index = 0; index < 50; index += 1) {
    const sent = lone.takeSent().flatMap(({ to, message }) => {
      return message.type === 'routed' && message.payload.kind === 'closest'
        ? [{ to, message, via: message.payload.via }]
        : [];
    });
    if (sent.length === 0) {
      if (isDone()) break;
      lone.run(1_000, LEAVES);
      continue;
    }
    for (const { to, message, via } of sent) {
      const way = [to, ...via];
      const target = way.at(-1) ?? '';
      asked.push(target);
      const nodes = named[target];
      if (nodes === undefined) continue;
      const payload = { kind: 'closest', nodes: nodes.map(id), route: [lone.nodeId, ...way] } as const;
      lone.answer(to, message.id, payload);
    }
  }
  return asked;
}

function lookedUp(): (readonly [number, NodeId])[] {
  const found = (output: Output) => (output.type === 'looked-up' ? [[output.request, output.root] as const] : []);
  return lone.outputs.flatMap(found);
}

/** Counts of things that happened. */
function counted(name: string): number {
  return lone.node.counters.get(name) ?? 0;
}

/** Lookups of keys just beside the true root, which are made once everybody has had time to hear of it. */
function secondLook(): Routed[] {
  const before = lone.log.length;
  lone.run(NEWS_MS, KNOWN);
  const sent = lone.log.slice(before).map(({ message }) => message);
  return sent.filter((message): message is Routed => {
    return message.type === 'routed' && message.payload.kind === 'lookup' && isBeside(message.key);
  });
}

function isBeside(key: Key): boolean {
  return key !== KEY && ringDistance(key, id(TRUE_ROOT)) <= SPACING / 16n;
}

/** An answer names LIAR, a search finds TRUE_ROOT, and the second look is answered so; undefined: by a node with the key itself as its id. */
function lookedAt(roots: readonly (string | undefined)[]): void {
  claim(lookUp(1), LIAR);
  answerAll({ [FAR]: [TRUE_ROOT], [TRUE_ROOT]: [] });
  const legs = secondLook();
  expect(legs).toHaveLength(roots.length);
  legs.forEach((leg, index) => {
    claim(leg, roots[index] ?? leg.key);
  });
  lone.outputs.length = 0;
  const isJudged = () => new Set(roots).size === 1 || counted('lies-proved') + counted('roots-false') === 2;
  answerAll({ [FAR]: [TRUE_ROOT], [TRUE_ROOT]: [] }, isJudged);
  expect(isJudged()).toBe(true);
  lone.outputs.length = 0;
  lone.takeSent();
}

function misdeeds(): NodeId[] {
  return lone.outputs.flatMap((output) => (output.type === 'misdeed' ? [output.nodeId] : []));
}

describe('R77: an answer about a root', () => {
  test('is believed at once if it is as near as roots are', () => {
    claim(lookUp(1), TRUE_ROOT);
    expect(lookedUp()).toEqual([[1, TRUE_ROOT]]);
    expect(questions()).toEqual([]);
  });

  test('from too far is confirmed by a search, which finds who is closer; and nobody is accused', () => {
    claim(lookUp(1), LIAR);
    expect(lookedUp()).toEqual([]);
    const asked = answerAll({ [FAR]: [TRUE_ROOT], [TRUE_ROOT]: [] });
    expect(asked).toContain(TRUE_ROOT);
    expect(lookedUp()).toEqual([[1, TRUE_ROOT]]);
    expect(counted('roots-false')).toBe(1);
    expect(misdeeds()).toEqual([]);
  });

  test('from too far stands if nobody is closer who answers', () => {
    claim(lookUp(1), LIAR);
    answerAll({ [FAR]: [TRUE_ROOT] });
    expect(lookedUp()).toEqual([[1, LIAR]]);
    expect(misdeeds()).toEqual([]);
  });

  test('is confirmed if a node that is known is closer', () => {
    claim(lookUp(1, id('90000010')), '90010000');
    expect(lookedUp()).toEqual([]);
    answerAll({ [FAR]: [] });
    expect(lookedUp()).toEqual([[1, FAR]]);
  });

  test('that does not come is searched after the first wait', () => {
    lookUp(1);
    lone.run(lone.timing.requestRetryMs - 1, KNOWN);
    expect(questions()).toEqual([]);
    lone.run(1);
    answerAll({ [FAR]: [TRUE_ROOT], [TRUE_ROOT]: [] });
    expect(lookedUp()).toEqual([[1, TRUE_ROOT]]);
  });

  test('is waited for, and nobody is named in its place, if a search finds it and it does not answer', () => {
    const slow = lookUp(1);
    lone.run(lone.timing.requestRetryMs, KNOWN);
    const until = lone.now + 6_000;
    answerAll({ [FAR]: [TRUE_ROOT, BESIDE], [BESIDE]: [] }, () => lone.now > until);
    expect(lookedUp()).toEqual([]);
    claim(slow, TRUE_ROOT);
    expect(lookedUp()).toEqual([[1, TRUE_ROOT]]);
  });

  test('of nobody, and a search that comes no nearer than roots are, is no answer', () => {
    lookUp(1);
    lone.run(lone.timing.requestRetryMs, KNOWN);
    const until = lone.now + 6_000;
    answerAll({ [FAR]: [LIAR], [LIAR]: [] }, () => lone.now > until);
    expect(lookedUp()).toEqual([]);
  });

  test('R78: counts for a search only if the node gives it that was asked', () => {
    claim(lookUp(1), LIAR);
    const question = questions().find(({ payload }) => payload.kind === 'closest' && payload.via.length === 0);
    if (question === undefined) throw new Error('somebody is asked');
    const route = [SELF, TRUE_ROOT].map(id);
    lone.answer(FAR, question.id, { kind: 'closest', nodes: [], route });
    expect(lone.node.counters.get('answers-of-others')).toBe(1);
    answerAll({});
    expect(lookedUp()).toEqual([[1, LIAR]]);
  });
});

describe('R80: who was answered falsely', () => {
  test('and again when everybody had time to hear of the root believes nothing without a search for half an hour', () => {
    lookedAt([TRUE_ROOT, LIAR, LIAR, TRUE_ROOT, TRUE_ROOT, TRUE_ROOT]);
    claim(lookUp(2), BESIDE);
    expect(lookedUp()).toEqual([]);
    answerAll({ [FAR]: [TRUE_ROOT], [TRUE_ROOT]: [] });
    expect(lookedUp()).toEqual([[2, TRUE_ROOT]]);
    expect(misdeeds()).toEqual([]);
  });

  test('and again, takes who is closest of those that answer, whoever is named', () => {
    lookedAt([TRUE_ROOT, LIAR, LIAR, TRUE_ROOT, TRUE_ROOT, TRUE_ROOT]);
    lookUp(2);
    answerAll({ [FAR]: [TRUE_ROOT, BESIDE], [BESIDE]: [] }, () => lookedUp().length > 0);
    expect(lookedUp()).toEqual([[2, BESIDE]]);
  });

  test('by nodes that had not heard of a newcomer yet, and know it then, believes as before', () => {
    lookedAt(Array<string>(6).fill(TRUE_ROOT));
    claim(lookUp(2), BESIDE);
    expect(lookedUp()).toEqual([[2, BESIDE]]);
    expect(counted('lies-proved')).toBe(0);
  });

  test('and then by others of a still newer one believes as before', () => {
    lookedAt([undefined, TRUE_ROOT, undefined, undefined, undefined, undefined]);
    claim(lookUp(2), BESIDE);
    expect(lookedUp()).toEqual([[2, BESIDE]]);
  });

  test('and later not again believes as before', () => {
    lookedAt([TRUE_ROOT, LIAR, LIAR, TRUE_ROOT, TRUE_ROOT, TRUE_ROOT]);
    lone.run(31 * 60_000, KNOWN);
    lone.outputs.length = 0;
    claim(lookUp(3), BESIDE);
    expect(lookedUp()).toEqual([[3, BESIDE]]);
  });
});

describe('R80: an audit', () => {
  /** Answers, each for one of the lookups of the first audit, as soon as that is made, of roots so far from its key. */
  function answered(distances: readonly (bigint | undefined)[]): void {
    for (let step = 0; step < 60 && audits().length < 3; step += 1) lone.run(1_000, KNOWN);
    audits().forEach((message, leg) => {
      const distance = distances[leg];
      if (distance !== undefined) claim(message, idAfter(message.key, distance));
    });
  }

  function audits(): Routed[] {
    const all = lone.log.map(({ message }) => message);
    return all.filter((message): message is Routed => message.type === 'routed' && message.payload.kind === 'lookup');
  }

  test('is three lookups of one random key, some by leaves', () => {
    answered([]);
    const lookups = audits();
    expect(lookups.length).toBe(3);
    expect(new Set(lookups.map(({ key }) => key)).size).toBe(1);
    const hops = lone.log.filter(({ message }) => message.type === 'routed' && message.key === lookups[0]?.key);
    expect(hops.filter(({ to }) => LEAVES.includes(to)).length).toBeGreaterThanOrEqual(2);
  });

  test('tells a false answer if two differ: the farther', () => {
    answered([0x1000n, 0x1000n, 0x2000n]);
    answerAll({});
    expect(counted('roots-false')).toBe(1);
  });

  test('changes nothing if all agree on a root that is near', () => {
    answered([0x1000n, 0x1000n, 0x1000n]);
    expect(questions()).toEqual([]);
    expect(counted('roots-false')).toBe(0);
  });

  test('asks by a search who is right if all agree on a root that is far', () => {
    answered([0x800000n, 0x800000n, 0x800000n]);
    expect(questions()).not.toEqual([]);
  });
});

describe('R79: a question for the closest nodes', () => {
  const payload = (via: readonly string[]) => ({ kind: 'closest', via: via.map(id) }) as const;

  test('is answered by whom it is for, with the closest that it knows, and not acknowledged', () => {
    lone.tell(LEAVES[0] ?? '', lone.routed('10180000', [FAR, LEAVES[0] ?? ''], payload([])));
    const sent = lone.takeSent();
    expect(sent.map(({ message }) => message.type)).toEqual(['reply']);
    const nodes = ['10200000', '10100000', '10300000', '10400000'];
    expect(sent[0]?.message).toMatchObject({ payload: { kind: 'closest', nodes: expect.arrayContaining(nodes) } });
  });

  test('goes on to a node that is known', () => {
    lone.tell(FAR, lone.routed('10180000', [FAR], payload(['10100000', '10200000'])));
    const sent = lone.takeSent('routed');
    expect(sent).toMatchObject([{ to: '10100000', message: { route: [FAR, SELF], payload: { via: ['10200000'] } } }]);
  });

  test.each([
    ['to a stranger', ['55555555'], [FAR]],
    ['in circles', [FAR, '10200000'], [FAR, '10200000']],
    ['over more than eight nodes', ['10100000', ...'abcdefa'].map((node) => node.padEnd(8, '1')), [FAR]],
  ])('does not go %s; it is counted', (_, via, route) => {
    lone.tell(route.at(-1) ?? '', lone.routed('10180000', route, payload(via)));
    expect(lone.takeSent()).toEqual([]);
    expect(lone.connects).not.toContain('55555555');
    expect(lone.node.counters.get('searches-refused')).toBe(1);
  });
});

describe('R76: in a small ring', () => {
  test('all answers are believed, from however far, and no audits are made', () => {
    const leaves = ['1fffffff', '3fffffff', '5fffffff', '7fffffff', '90000000', 'b0000000', 'd0000000', 'f0000000'];
    lone = LoneNode.founder(SELF, leaves, { leafSetSize: 16 });
    lone.run(20 * 60_000, leaves);
    expect(lone.log.filter(({ message }) => message.type === 'routed' && message.payload.kind !== 'join')).toEqual([]);
  });
});
