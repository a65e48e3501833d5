// Bounded parallelism and cancelling.

import { describe, expect, it } from 'vitest';
import { forEachParallel, withAbort } from '../../src/peer/parallel.ts';

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
