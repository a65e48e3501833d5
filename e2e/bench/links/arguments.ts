// What `npm run bench:links` may be told.

import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Of raw RTCDataChannel and of our link. */
  readonly rounds: number;
  /** Of the other contenders, in the same run: every so many rounds one. */
  readonly otherRounds: number;
  readonly megabytes: number;
  readonly joinRounds: number;
  /** Which tabs' joins are measured, by their place: the 10th joins a ring of 9. */
  readonly joinSizes: readonly number[];
  /** Where the readable table goes. */
  readonly table: string | undefined;
}

export const USAGE = `npm run bench:links -- [--rounds 15] [--other-rounds 5] [--megabytes 100] [--join-rounds 5]
  [--join-sizes 2,10,11,30] [--table docs/performance.md]

Without --table the table is only printed. The JSON is always written to build/bench-links.json.
--other-rounds 0 and --join-rounds 0 leave those parts out.`;

/** Throws an Error with a message for people. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '15' },
      'other-rounds': { type: 'string', default: '5' },
      megabytes: { type: 'string', default: '100' },
      'join-rounds': { type: 'string', default: '5' },
      'join-sizes': { type: 'string', default: '2,10,11,30' },
      table: { type: 'string' },
    },
  });
  return {
    rounds: whole('rounds', values.rounds),
    otherRounds: whole('other-rounds', values['other-rounds']),
    megabytes: whole('megabytes', values.megabytes),
    joinRounds: whole('join-rounds', values['join-rounds']),
    joinSizes: values['join-sizes'].split(',').map((size) => whole('join-sizes', size)),
    table: values.table,
  };
}

function whole(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} wants a whole number, not "${text}"`);
  return Number(text);
}
