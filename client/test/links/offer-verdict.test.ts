// Which of two attempts at a link counts.

import { expect, test } from 'vitest';
import { MAX_PENDING_INCOMING } from '../../src/links/limits.ts';
import { judgeOffer } from '../../src/links/offer-verdict.ts';
import { nodeId } from './pair.ts';

const [low, high] = [nodeId('1'), nodeId('2')];
const nothing = { opening: undefined, pendingIncoming: 0, mayHaveMore: () => true, seen: false };
const ours = { attempt: 'ours', initiator: true };
const theirs = { attempt: 'theirs', initiator: false };

test('an offer out of the blue is answered', () => {
  expect(judgeOffer(low, high, nothing)).toBe('answer');
  expect(judgeOffer(high, low, nothing)).toBe('answer');
});

test('glare: exactly one of the two ends yields, the lower', () => {
  expect(judgeOffer(low, high, { ...nothing, opening: ours })).toBe('yield');
  expect(judgeOffer(high, low, { ...nothing, opening: ours })).toBe('hold');
});

test('an offer from a node whose former offer is being answered takes its place, whoever is higher', () => {
  expect(judgeOffer(low, high, { ...nothing, opening: theirs })).toBe('yield');
  expect(judgeOffer(high, low, { ...nothing, opening: theirs })).toBe('yield');
});

test('an offer seen before is ignored', () => {
  expect(judgeOffer(low, high, { ...nothing, seen: true })).toBe('ignore');
  expect(judgeOffer(low, high, { ...nothing, opening: ours, seen: true })).toBe('ignore');
});

test('too many at once are refused, but never the end of a glare', () => {
  const many = { ...nothing, pendingIncoming: MAX_PENDING_INCOMING };
  expect(judgeOffer(low, high, many)).toBe('refuse');
  expect(judgeOffer(low, high, { ...many, opening: ours })).toBe('yield');
});

test('beyond the budget an offer is refused, but never the end of a glare', () => {
  const full = { ...nothing, mayHaveMore: () => false };
  expect(judgeOffer(low, high, full)).toBe('refuse');
  expect(judgeOffer(low, high, { ...full, opening: ours })).toBe('yield');
});
