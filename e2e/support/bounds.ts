// How long something took. A machine that runs other tests beside this one says little about it, so the bound is checked by
// `npm run test:timed` alone, which runs one test at a time; the ordinary run prints it.

import { expect } from 'playwright/test';

/** `what` took `ms`; at most `boundMs` on a quiet machine. */
export function took(what: string, ms: number, boundMs: number): void {
  console.log(`${what}: ${ms} ms (on a quiet machine at most ${boundMs})`);
  if (process.env.TABRING_TIMED !== undefined) expect(ms, what).toBeLessThan(boundMs);
}
