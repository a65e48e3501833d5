// Waits for something to become true, in tests and in programs: so that what uses it runs under any test runner, and none.

import { setTimeout as delay } from 'node:timers/promises';

const CHECK_MS = 20;
/** For what takes a second on an idle machine. */
const LIMIT_MS = 60_000;

export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + LIMIT_MS;
  while (!(await isTrue())) {
    if (performance.now() > endsAt) throw new Error(`not true after ${LIMIT_MS / 1000} s: ${isTrue}`);
    await delay(CHECK_MS);
  }
}
