// What may be said to `npm run test:scale`.

import { parseArgs } from 'node:util';

const USAGE = `Usage: npm run test:scale -- [options]

  --peers <n>       Node peers (200)
  --processes <n>   that they are spread over: some of the library's work grows with the square of a process's links (40)
  --forming <n>     processes whose peers join at the same time at first; more starve each other (3)
  --tabs <n>        tabs of Chromium beside them (3)
  --minutes <n>     of churn after the first lookups; 0 is none (30)
  --every <s>       seconds between two changes: at each a peer leaves and one joins (1)
  --still <s>       seconds for which all Node peers stand still in the end, as if their machine slept; 0 is not at all (0)
  --busy <s>        seconds in the end in which other work takes most of the CPU while peers come and go; 0 is not at all (0)
  --lookups <n>     before and after the churn (1000)
  --cap <n>         links a node may have (32)
  --leaf-set <n>    nodes in a leaf set, even (16)
  --at-once <n>     peers of a process that join at the same time (1)
  --out <file>      where the JSON goes (test-results/scale.json)

Exit codes: 0 all bounds hold, 1 one is broken or the ring did not form, 2 wrong options.`;

export interface ScaleOptions {
  readonly peers: number;
  readonly processes: number;
  readonly forming: number;
  readonly tabs: number;
  readonly minutes: number;
  readonly every: number;
  readonly still: number;
  readonly busy: number;
  readonly lookups: number;
  readonly cap: number;
  readonly leafSet: number;
  readonly atOnce: number;
  readonly out: string;
}

/** Undefined if they cannot be understood, which has been told. */
export function readOptions(args: readonly string[], defaultOut: string): ScaleOptions | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        peers: { type: 'string', default: '200' },
        processes: { type: 'string', default: '40' },
        forming: { type: 'string', default: '3' },
        tabs: { type: 'string', default: '3' },
        minutes: { type: 'string', default: '30' },
        every: { type: 'string', default: '1' },
        still: { type: 'string', default: '0' },
        busy: { type: 'string', default: '0' },
        lookups: { type: 'string', default: '1000' },
        cap: { type: 'string', default: '32' },
        'leaf-set': { type: 'string', default: '16' },
        'at-once': { type: 'string', default: '1' },
        out: { type: 'string', default: defaultOut },
      },
    });
    const options = {
      peers: Number(values.peers),
      processes: Number(values.processes),
      forming: Number(values.forming),
      tabs: Number(values.tabs),
      minutes: Number(values.minutes),
      every: Number(values.every),
      still: Number(values.still),
      busy: Number(values.busy),
      lookups: Number(values.lookups),
      cap: Number(values.cap),
      leafSet: Number(values['leaf-set']),
      atOnce: Number(values['at-once']),
    };
    for (const [name, value] of Object.entries(options)) {
      const mayBeZero = ['minutes', 'still', 'busy'].includes(name);
      if (!Number.isFinite(value) || value < 0 || (value === 0 && !mayBeZero))
        throw new Error(`${name} must be a number above zero`);
    }
    if (options.peers < options.processes) throw new Error('each process must have a peer');
    return { ...options, out: values.out };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return undefined;
  }
}
