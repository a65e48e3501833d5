// Hostile input at the handshake and behind it: answers of the Discovery node, signals, and what a linked member says. It
// throws with the number of the first that breaks a promise; the same seed gives the same input.

import { AnswerFuzz } from './fuzz-answers.ts';
import { GateFuzz } from './fuzz-gate.ts';
import { SignalFuzz } from './fuzz-signals.ts';

/** Of so many inputs one is an answer of the Discovery node's, each of which takes signatures; the rest are halved. */
const ONE_ANSWER_IN = 50;

export interface HandshakeReport {
  /** By part, and what became of how many. */
  readonly outcomes: ReadonlyMap<string, number>;
}

export async function fuzzHandshake(seed: number, inputs: number): Promise<HandshakeReport> {
  const gate = new GateFuzz(seed);
  const signals = await SignalFuzz.create(seed);
  const answers = await AnswerFuzz.create(seed);
  for (let number = 0; number < inputs; number += 1) {
    try {
      if (number % ONE_ANSWER_IN === 0) await answers.step();
      else if (number % 2 === 0) await signals.step();
      else gate.step();
    } catch (error) {
      throw new Error(`seed ${seed}, input ${number}`, { cause: error });
    }
  }
  await signals.end();
  const outcomes = new Map<string, number>();
  for (const [part, fuzz] of Object.entries({ gate, signals, answers })) {
    for (const [what, count] of fuzz.outcomes) outcomes.set(`${part}: ${what}`, count);
  }
  return { outcomes };
}
