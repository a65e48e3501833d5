// A machine with more to do than time for it, while peers come and go: other work takes the CPU for a while.

import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import { randomOf } from './lookups.ts';

/** Processes that do nothing else than compute, beside two dozen of peers: these get a quarter of the CPU that they want. */
const HOGS = 60;

/** Joins and partings, and how many of them failed. */
export interface Overload {
  readonly changes: number;
  readonly failed: number;
  /** When the other work ended, milliseconds of performance.now(). */
  readonly endedAt: number;
}

/** For `seconds`, with a change each `every` seconds. Resolves when each join and parting has come to its end. */
export async function overload(fleet: Fleet, seconds: number, every: number): Promise<Overload> {
  const hogs = Array.from({ length: HOGS }, () => hog(seconds));
  const endAt = performance.now() + seconds * 1000;
  const changes: Promise<boolean>[] = [];
  try {
    while (performance.now() < endAt) {
      const id = randomOf(fleet.peerIds());
      changes.push(succeeds(fleet.join(id)), succeeds(fleet.part(id, 'goodbye')));
      await delay(every * 1000);
    }
  } finally {
    for (const child of hogs) child.kill('SIGKILL');
  }
  const endedAt = performance.now();
  const ends = await Promise.all(changes);
  return { changes: ends.length, failed: ends.filter((succeeded) => !succeeded).length, endedAt };
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** Ends by itself, should nobody be left to end it. */
function hog(seconds: number): ChildProcess {
  const code = `for (const end = Date.now() + ${seconds * 1000}; Date.now() < end; );`;
  return spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
}
