// Candidates travel in few signals, and after the description.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CandidateBatch } from '../../src/links/candidate-batch.ts';
import { CANDIDATE_BATCH_MS, FIRST_CANDIDATES_MS } from '../../src/links/limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what comes within one moment is one signal, and the first moment, with the description, is the shortest', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.release();
  for (const waitMs of [FIRST_CANDIDATES_MS, CANDIDATE_BATCH_MS, CANDIDATE_BATCH_MS]) {
    flush.mockClear();
    batch.add();
    vi.advanceTimersByTime(waitMs - 1);
    batch.add();
    expect(flush).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(flush).toHaveBeenCalledTimes(1);
  }
});

test('a description without any candidate goes too, and once', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.release();
  vi.advanceTimersByTime(FIRST_CANDIDATES_MS);
  expect(flush).toHaveBeenCalledTimes(1);
  batch.complete();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS * 2);
  expect(flush).toHaveBeenCalledTimes(1);
});

test('when all are gathered, nothing is waited for', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.add();
  batch.release();
  batch.complete();
  expect(flush).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);

  const early = new CandidateBatch(flush);
  early.complete();
  expect(flush).toHaveBeenCalledTimes(1);
  early.release();
  expect(flush).toHaveBeenCalledTimes(2);
  // Node tells its candidates when the answer is here.
  early.add();
  early.complete();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS - 1);
  expect(flush).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1);
  expect(flush).toHaveBeenCalledTimes(3);
});

test('nothing goes before the description', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.add();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS * 2);
  expect(flush).not.toHaveBeenCalled();
  batch.release();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS);
  expect(flush).toHaveBeenCalledTimes(1);
});

test('once the ends reach each other no more candidates are told', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.release();
  vi.advanceTimersByTime(FIRST_CANDIDATES_MS);
  batch.add();
  batch.enough();
  batch.add();
  batch.complete();
  vi.advanceTimersByTime(CANDIDATE_BATCH_MS * 2);
  expect(flush).toHaveBeenCalledTimes(1);
});

test('but the description is, that was not told yet: an answer may find a path before it is sent', () => {
  const flush = vi.fn();
  for (const end of [(batch: CandidateBatch) => batch.complete(), () => undefined]) {
    flush.mockClear();
    const batch = new CandidateBatch(flush);
    batch.release();
    batch.enough();
    batch.add();
    end(batch);
    vi.advanceTimersByTime(FIRST_CANDIDATES_MS);
    expect(flush).toHaveBeenCalledTimes(1);
    batch.add();
    vi.advanceTimersByTime(CANDIDATE_BATCH_MS * 2);
    expect(flush).toHaveBeenCalledTimes(1);
  }
});

test('after a stop nothing is sent', () => {
  const flush = vi.fn();
  const batch = new CandidateBatch(flush);
  batch.release();
  batch.add();
  batch.stop();
  batch.add();
  batch.complete();
  expect(vi.getTimerCount()).toBe(0);
  expect(flush).not.toHaveBeenCalled();
});
