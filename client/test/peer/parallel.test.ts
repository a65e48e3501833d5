// Bounded parallelism and cancelling.

import { describe, expect, it } from 'vitest';
import { type Deadlines, forEachParallel, withAbort, within } from '../../src/peer/parallel.ts';

describe('forEachParallel', () => {
  it('works through all, never more than its limit at once', async () => {
    let underWay = 0;
    let most = 0;
    const done: number[] = [];
    await forEachParallel([1, 2, 3, 4, 5, 6, 7], 3, undefined, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('rejects with the first failure, begins nothing more, and tells what is under way', async () => {
    const begun: number[] = [];
    let told: AbortSignal | undefined;
    const work = forEachParallel([1, 2, 3, 4], 2, undefined, async (item, ended) => {
      begun.push(item);
      told = ended;
      await Promise.resolve();
      if (item === 1) throw new Error('one failed');
      await new Promise((resolve) => ended.addEventListener('abort', resolve));
    });
    await expect(work).rejects.toThrow('one failed');
    expect(begun).toEqual([1, 2]);
    expect(told?.aborted).toBe(true);
  });

  it('rejects as aborted at once, before and during the work', async () => {
    const controller = new AbortController();
    const work = forEachParallel([1], 1, controller.signal, () => new Promise(() => undefined));
    controller.abort();
    await expect(work).rejects.toMatchObject({ code: 'aborted' });
    await expect(withAbort(controller.signal, async () => 1)).rejects.toMatchObject({ code: 'aborted' });
    expect(await withAbort(new AbortController().signal, async () => 1)).toBe(1);
  });
});

describe('within', () => {
  /** Deadlines that pass when the test says so. */
  class Alarms implements Deadlines {
    readonly fireByName = new Map<string, () => void>();

    after(name: string, _: number, fire: () => void): void {
      this.fireByName.set(name, fire);
    }

    cancel(name: string): void {
      this.fireByName.delete(name);
    }

    pass(): void {
      for (const fire of [...this.fireByName.values()]) fire();
    }
  }

  it('is what the work resolves to, or undefined when the time is up, and the work is told', async () => {
    const alarms = new Alarms();
    expect(await within(alarms, 1, undefined, async () => 1)).toBe(1);
    expect(alarms.fireByName.size).toBe(0);
    let told: AbortSignal | undefined;
    const late = within(alarms, 1, undefined, (ended) => {
      told = ended;
      return new Promise<number>(() => undefined);
    });
    alarms.pass();
    expect(await late).toBe(undefined);
    expect(told?.aborted).toBe(true);
    await expect(within(alarms, 1, AbortSignal.abort(), async () => 1)).rejects.toMatchObject({ code: 'aborted' });
    await expect(within(alarms, 1, undefined, () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  });
});
