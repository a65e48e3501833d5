// Candidates travel in few signals, and after the description.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CandidateBatch } from '../../src/links/candidate-batch.ts';
import { CANDIDATE_BATCH_MS, MAX_BATCH_CANDIDATES } from '../../src/links/limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const candidate = (name: string) => ({ candidate: name, sdpMLineIndex: 0, sdpMid: '0' });

test('what comes within one moment is one signal', () => {
  const send = vi.fn();
  const batch = new CandidateBatch(send);
  batch.release();
  batch.add(candidate('a'));
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS - 1);
  batch.add(candidate('b'));
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  batch.add(candidate('c'));
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS);
  expect(send.mock.calls).toEqual([[[candidate('a'), candidate('b')]], [[candidate('c')]]]);
});

test('nothing goes before the description', () => {
  const send = vi.fn();
  const batch = new CandidateBatch(send);
  batch.add(candidate('a'));
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS * 2);
  expect(send).not.toHaveBeenCalled();
  batch.release();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS);
  expect(send).toHaveBeenCalledTimes(1);
});

test('a batch has a bound', () => {
  const sizes: number[] = [];
  const batch = new CandidateBatch((candidates) => sizes.push(candidates.length));
  batch.release();
  for (let i = 0; i <= MAX_BATCH_CANDIDATES; i += 1) batch.add(candidate('a'));
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS);
  expect(sizes).toEqual([MAX_BATCH_CANDIDATES, 1]);
});

test('after a stop nothing is sent', () => {
  const send = vi.fn();
  const batch = new CandidateBatch(send);
  batch.release();
  batch.add(candidate('a'));
  batch.stop();
  batch.add(candidate('b'));
  expect(vi.getTimerCount()).toBe(0);
  expect(send).not.toHaveBeenCalled();
});
