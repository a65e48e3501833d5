// Which of two attempts at a link counts.

import { describe, expect, test } from 'vitest';
import { MAX_PENDING_INCOMING } from '../../src/links/limits.ts';
import { type AttemptKind, type Existing, judgeCall, judgeOffer } from '../../src/links/offer-verdict.ts';
import { nodeId } from './pair.ts';

const [low, high] = [nodeId('1'), nodeId('2')];
const nothing: Existing = {
  opening: undefined,
  pendingIncoming: 0,
  mayTry: () => true,
  mayHaveMore: () => true,
  seen: false,
};
const opening = (kind: AttemptKind): Existing => ({ ...nothing, opening: { attempt: 'present', kind } });

const judges = {
  offer: (self: typeof low, from: typeof low, existing: Existing) => judgeOffer(self, from, 'other', existing),
  call: judgeCall,
};

describe.each(['offer', 'call'] as const)('%s', (type) => {
  const judge = judges[type];

  test('out of the blue is taken up', () => {
    expect(judge(low, high, nothing)).toBe('take');
    expect(judge(high, low, nothing)).toBe('take');
  });

  test('of a node whose former attempt was taken up takes its place, whoever is higher', () => {
    for (const kind of ['answer', 'called'] as const) {
      expect(judge(low, high, opening(kind))).toBe('yield');
      expect(judge(high, low, opening(kind))).toBe('yield');
    }
  });

  test('of a node that has made too many is refused, also in place of its former one', () => {
    const mayTry = () => false;
    for (const existing of [nothing, opening('answer'), opening('called')]) {
      expect(judge(low, high, { ...existing, mayTry })).toBe('refuse');
    }
  });

  test('that was seen before is ignored', () => {
    for (const existing of [nothing, opening('offer'), opening('call'), opening('answer')]) {
      expect(judge(low, high, { ...existing, seen: true })).toBe('ignore');
    }
  });

  test('beyond what is taken up at one time, or beyond the budget, is refused, but never the end of a glare', () => {
    const full = { mayHaveMore: () => false, pendingIncoming: MAX_PENDING_INCOMING, mayTry: () => false };
    expect(judge(low, high, { ...nothing, pendingIncoming: MAX_PENDING_INCOMING })).toBe('refuse');
    expect(judge(low, high, { ...nothing, mayHaveMore: () => false })).toBe('refuse');
    for (const kind of ['offer', 'call'] as const) {
      for (const [self, from] of [[low, high] as const, [high, low] as const]) {
        expect(judge(self, from, { ...opening(kind), ...full })).toMatch(/^(yield|hold)$/);
      }
    }
  });

  test('asks for room only once nothing else is in the way, since room is made by closing others', () => {
    const mayHaveMore = () => {
      throw new Error('asked');
    };
    expect(judge(low, high, { ...nothing, mayTry: () => false, mayHaveMore })).toBe('refuse');
    expect(judge(low, high, { ...nothing, pendingIncoming: MAX_PENDING_INCOMING, mayHaveMore })).toBe('refuse');
  });
});

describe('glare', () => {
  test('two offers: exactly one of the two ends yields, the lower', () => {
    expect(judges.offer(low, high, opening('offer'))).toBe('yield');
    expect(judges.offer(high, low, opening('offer'))).toBe('hold');
  });

  test('two calls: exactly one of the two ends makes an offer of the other’s, the higher', () => {
    expect(judges.call(high, low, opening('call'))).toBe('yield');
    expect(judges.call(low, high, opening('call'))).toBe('hold');
  });

  test('an offer and a call: the offer counts, whoever made it', () => {
    for (const [self, from] of [[low, high] as const, [high, low] as const]) {
      expect(judges.offer(self, from, opening('call'))).toBe('yield');
      expect(judges.call(self, from, opening('offer'))).toBe('hold');
    }
  });
});

test('the offer that was called for is taken although its attempt was seen, since it is this end’s own', () => {
  for (const [self, from] of [[low, high] as const, [high, low] as const]) {
    expect(judgeOffer(self, from, 'present', { ...opening('call'), seen: true })).toBe('yield');
  }
});
