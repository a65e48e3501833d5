import { describe, expect, it } from 'vitest';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, lazily } from '../../src/peer/lazily.ts';

/** Fails so often, and then gives a part. */
function setUp(failures: number) {
  const pauses: number[] = [];
  let tries = 0;
  const part = { name: 'a part' };
  const load = async (): Promise<typeof part> => {
    tries += 1;
    if (tries <= failures) throw new Error(`try ${tries}`);
    return part;
  };
  const lazy = lazily(load, async (pauseMs) => {
    pauses.push(pauseMs);
  });
  return { lazy, pauses, part, tries: () => tries };
}

describe('what is loaded later', () => {
  it('is tried again with a growing pause until it is there, and tells of each failure', async () => {
    const { lazy, pauses, part } = setUp(7);
    const told: string[] = [];
    expect(await lazy.whenThere((error) => told.push(String(error)))).toBe(part);
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect([pauses[0], pauses.at(-1)]).toEqual([FIRST_PAUSE_MS, LONGEST_PAUSE_MS]);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `Error: try ${number}`));
  });

  it('is loaded once, however many ask for it', async () => {
    const { lazy, part, tries } = setUp(0);
    expect(await Promise.all([lazy.once(), lazy.whenThere(), lazy.once()])).toEqual([part, part, part]);
    expect(await lazy.once()).toBe(part);
    expect(tries()).toBe(1);
  });

  it('is tried once for who can ask again, and anew when they do', async () => {
    const { lazy, part, tries, pauses } = setUp(1);
    await expect(lazy.once()).rejects.toThrow('try 1');
    expect(await lazy.once()).toBe(part);
    expect([tries(), pauses]).toEqual([2, []]);
  });

  it('ends its pause at once when there is a network', async () => {
    const target = new EventTarget();
    const before = globalThis.addEventListener;
    globalThis.addEventListener = target.addEventListener.bind(target);
    try {
      let isAway = true;
      let tries = 0;
      const lazy = lazily(async () => {
        tries += 1;
        if (isAway) throw new Error('away');
        return 'there';
      });
      const failed = new Promise<void>((resolve) => {
        void lazy.whenThere(() => resolve());
      });
      await failed;
      // The pause begins after who waits has been told.
      await new Promise((resolve) => setImmediate(resolve));
      isAway = false;
      target.dispatchEvent(new Event('online'));
      await new Promise((resolve) => setImmediate(resolve));
      expect(tries).toBe(2);
    } finally {
      globalThis.addEventListener = before;
    }
  });
});
