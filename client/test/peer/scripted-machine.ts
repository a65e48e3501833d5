// A machine that says what a test tells it to say, and writes down what it hears.

import type { Input, Instant, Machine, Output } from '../../src/core/io.ts';

export class ScriptedMachine implements Machine {
  readonly inputs: Input[] = [];
  wakeAt: Instant | undefined;
  /** What to answer to an input. */
  answer: (input: Input, now: Instant) => readonly Output[] = () => [];

  handle(input: Input, now: Instant): readonly Output[] {
    this.inputs.push(input);
    return this.answer(input, now);
  }

  /** The inputs of one type so far. */
  heard<T extends Input['type']>(type: T): readonly Extract<Input, { type: T }>[] {
    return this.inputs.filter((input): input is Extract<Input, { type: T }> => input.type === type);
  }
}
