// Answers as the core takes them: proofs are true by then, and say whose word it is; whether that is the right node's word
// is the core's to see.

import { beforeEach, describe, expect, test } from 'vitest';
import type { ReplyPayload } from '../../src/core/pastry/messages.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode, proofBy } from './lone-node.ts';

const OTHERS = ['0f00', '1100', '8000'];
const KEY = id('8800');
const ROUTE = ['1000', '8000', '8801'].map(id);
const FOUND = { kind: 'found', route: ROUTE } as const;

let lone: LoneNode;
let asked: string;
beforeEach(() => {
  lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
  lone.input({ type: 'lookup', request: 1, key: KEY });
  asked = lone.takeSent('routed')[0]?.message.id ?? '';
});

function count(name: string): number {
  return lone.node.counters.get(name) ?? 0;
}

/** The request goes on, and the true answer ends it. */
function expectItGoesOn(): void {
  expect(lone.outputs).toEqual([]);
  lone.run(lone.timing.requestRetryMs, OTHERS);
  const again = lone.log.findLast(({ message }) => message.type === 'routed')?.message;
  expect(again).toMatchObject({ type: 'routed', key: KEY });
  lone.answer('8000', asked, FOUND);
  expect(lone.outputs).toEqual([{ type: 'looked-up', request: 1, key: KEY, root: id('8801'), route: ROUTE }]);
}

describe('an answer', () => {
  test('R61: of the last node of its route is its answer', () => {
    lone.answer('8000', asked, FOUND);
    expect(lone.outputs).toEqual([{ type: 'looked-up', request: 1, key: KEY, root: id('8801'), route: ROUTE }]);
  });

  test.each([
    ['proved by another', FOUND, '8000'],
    ['that nobody proved', FOUND, ''],
    ['of a route that began elsewhere', { kind: 'found', route: ['2000', '8801'].map(id) }, '8801'],
    ['of no route', { kind: 'found', route: [] }, '8801'],
    ['of holders by one who is not there', { kind: 'holders', holders: [], route: ROUTE }, '8000'],
    ['of a welcome by another', { kind: 'welcome', rows: [], leafSet: [], route: ROUTE }, '8000'],
  ] as const)('R61: %s ends nothing, and is counted', (_, payload: ReplyPayload, by) => {
    const proof = by === '' ? undefined : proofBy(by);
    lone.tell('8000', { type: 'reply', id: asked, token: 9, back: [lone.nodeId], payload, proof });
    expect(count('answers-of-others')).toBe(1);
    expectItGoesOn();
  });

  test.each([
    { kind: 'holders', holders: [], route: ROUTE },
    { kind: 'welcome', rows: [], leafSet: [], route: ROUTE },
    { kind: 'signal', data: 'offer' },
  ] as const)('R61: of another kind ends nothing, and is counted: $kind', (payload) => {
    lone.answer('8000', asked, payload);
    expect(count('answers-of-another-kind')).toBe(1);
    expectItGoesOn();
  });

  test('R61: is for the gate to sign, with what it answers', () => {
    lone.tell('8000', { ...lone.routed('1001', ['9000', '8000']), payload: { kind: 'lookup' } });
    const [sent] = lone.takeSent('reply');
    expect(sent?.message).toMatchObject({ proof: undefined, asked: { key: '1001', payload: { kind: 'lookup' } } });
  });

  test('R61: of another’s passes with its proof', () => {
    const proof = proofBy('8801');
    const back = ['1000', '1100'].map(id);
    lone.tell('8000', { type: 'reply', id: 'another', token: 9, back, payload: FOUND, proof });
    const [passed] = lone.takeSent('reply');
    expect(passed).toMatchObject({ to: '1100', message: { proof } });
    expect(passed?.message.asked).toBeUndefined();
  });
});

describe('a welcome', () => {
  test('R61: makes a member only by the word of the root that gives it', () => {
    const newcomer = new LoneNode('1000', { leafSetSize: 2 });
    newcomer.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    const request = newcomer.takeSent('routed')[0]?.message.id ?? '';
    const leafSet = [handle(id('1100'))];
    const payload = { kind: 'welcome', rows: [], leafSet, route: ['1000', '8000', '1100'].map(id) } as const;
    newcomer.answer('8000', request, payload, '8000');
    expect(newcomer.traces.some(({ kind }) => kind === 'joined')).toBe(false);
    newcomer.answer('8000', request, payload);
    expect(newcomer.traces.some(({ kind }) => kind === 'joined')).toBe(true);
  });
});
