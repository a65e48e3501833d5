// A machine with more to do than time for it, while peers come and go: other work takes the CPU for a while.

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { randomOf } from './lookups.ts';

/** Processes that do nothing else than compute, beside two dozen of peers: these get a quarter of the CPU that they want. */
const HOGS = 60;

/** What came of the peers that were told to join. */
export interface Overload {
  readonly joined: number;
  readonly failed: number;
}

/** For `seconds`, with a change each `every` seconds. Resolves when each join has come to its end, some of them in failure. */
export async function overload(fleet: Fleet, seconds: number, every: number): Promise<Overload> {
  const hogs = Array.from({ length: HOGS }, () => hog(seconds));
  const endAt = performance.now() + seconds * 1000;
  const joins: Promise<unknown>[] = [];
  const partings: Promise<unknown>[] = [];
  try {
    while (performance.now() < endAt) {
      const id = randomOf(fleet.peerIds());
      joins.push(fleet.join(id));
      partings.push(fleet.part(id, 'goodbye'));
      // How they end is asked later.
      for (const work of [joins, partings]) work.at(-1)?.catch(() => undefined);
      await delay(every * 1000);
    }
  } finally {
    for (const child of hogs) child.kill('SIGKILL');
  }
  await Promise.allSettled(partings);
  const ends = await Promise.allSettled(joins);
  const joined = ends.filter(({ status }) => status === 'fulfilled').length;
  return { joined, failed: ends.length - joined };
}

/** Ends by itself, should nobody be left to end it. */
function hog(seconds: number): ChildProcess {
  const code = `for (const end = Date.now() + ${seconds * 1000}; Date.now() < end; );`;
  return spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
}
