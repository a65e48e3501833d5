// Looks at quantities over and over while something goes on, keeps the most of each, prints them and holds them to their bounds.

import { setTimeout as delay } from 'node:timers/promises';

const SAMPLE_MS = 500;

export interface Quantity {
  readonly name: string;
  /** Bytes now. */
  look(): Promise<number>;
  /** Absent: it is only told. */
  readonly maxBytes?: number;
}

/** Runs `work`, which moves `bytes`; rejects as it does, or if a quantity was above its bound at any look. */
export async function watched<T>(
  what: string,
  bytes: number,
  quantities: readonly Quantity[],
  work: () => Promise<T>,
): Promise<T> {
  const mosts = quantities.map((quantity) => ({ quantity, most: 0 }));
  const over = new AbortController();
  let looks = 0;
  const looking = (async () => {
    while (!over.signal.aborted) {
      for (const entry of mosts) entry.most = Math.max(entry.most, await entry.quantity.look());
      looks += 1;
      // Ends early, which is no failure.
      await delay(SAMPLE_MS, undefined, over).catch(() => undefined);
    }
  })();
  const startedAt = performance.now();
  try {
    // What cannot be looked at any more has ended, and would be waited for in vain.
    const [result] = await Promise.all([work().finally(() => over.abort()), looking]);
    for (const { quantity, most } of mosts) hold(what, quantity, most);
    return result;
  } finally {
    over.abort();
    const seconds = (performance.now() - startedAt) / 1000;
    const speed = `${(bytes / 1e6 / seconds).toFixed(1)} MB/s`;
    console.log(`${what}: ${megabytes(bytes)} in ${seconds.toFixed(0)} s, ${speed}; looked ${looks} times`);
    for (const { quantity, most } of mosts) console.log(`  ${quantity.name}: at most ${megabytes(most)}`);
  }
}

function hold(what: string, { name, maxBytes = Number.POSITIVE_INFINITY }: Quantity, most: number): void {
  if (most > maxBytes)
    throw new Error(`${what}: ${name} came to ${megabytes(most)}, and is to stay below ${megabytes(maxBytes)}`);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
