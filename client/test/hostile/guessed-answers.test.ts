// A member that answers what it was not asked: lookups and stores go where they belong.

import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { GuessedAnswers } from './guessed-answers.ts';
import { HostileRing } from './hostile-ring.ts';
import { keepOn } from './keep-on.ts';

let ring: HostileRing;
afterEach(() => ring.stop());

it('R61: who guesses at the ids of questions answers none of 40 stores and 40 lookups', async () => {
  ring = await HostileRing.start(5);
  const { hostile } = ring;
  const guesses = await GuessedAnswers.prepare(hostile);
  let isDone = false;
  const flood = keepOn(
    () => guesses.guess(ring.ids),
    () => !isDone,
    20,
  );
  const fileIds = await ring.store(40, 1_000);
  await ring.expectRightLookups(40);
  isDone = true;
  await flood;
  await ring.expectReadable(fileIds, 1_000);
  expect(ring.counted('answers refused: this node asked nothing under its id')).toBeGreaterThan(100);
});

it('R61: who sees a question pass answers it for nobody else', async () => {
  // In its table each of the nine knows one of the two that begin with "a". The hostile one comes first, so those that do
  // not find the other clearly nearer keep it, and ask the other by way of it.
  const far = ['0', '1', '2', '3', '4', '5', '6', '7', 'd'].map(idOf);
  const asked = idOf('ac');
  ring = await HostileRing.among(far, idOf('a1'), { params: { leafSetSize: 2 } });
  await ring.joinedBy(asked);
  const answers = await GuessedAnswers.prepare(ring.hostile);
  answers.interpose();
  for (let round = 0; round < 50 && answers.seen === 0; round += 1) {
    const key = `ac${randomBytes(15).toString('hex')}`;
    const outcomes = await Promise.allSettled(ring.honest.map((peer) => peer.lookup(key)));
    // It can keep a question from being answered, and no more.
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value.root).toBe(asked);
      else expect(outcome.reason).toMatchObject({ code: 'timed-out' });
    }
  }
  expect(answers.seen).toBeGreaterThan(0);
  const causes = ring.honest.flatMap(({ counters }) => Object.keys(counters));
  expect(causes.filter((cause) => /^answers refused: |^answers-of-others$/.test(cause))).not.toEqual([]);
});

function idOf(prefix: string): NodeId {
  const id = idFromPrefix(prefix, 32);
  if (id === undefined) throw new Error(`${prefix} begins no id`);
  return id;
}
