// A transfer can rest, and is not held up by that when it is cancelled.

import { describe, expect, test } from 'vitest';
import { Transfer } from '../../src/web/model/transfer.ts';

function setUp() {
  const transfer = new Transfer<string>('a file', () => 0);
  const steps: number[] = [];
  const running = transfer.run(3, undefined, async ({ going, signal }) => {
    for (const step of [1, 2, 3]) {
      await going?.();
      if (signal.aborted) throw signal.reason;
      steps.push(step);
      await new Promise((resolve) => setImmediate(resolve));
      if (step === 1) transfer.togglePause();
    }
    return 'all';
  });
  return { transfer, steps, running };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

describe('a transfer that is paused', () => {
  test('rests until it goes on', async () => {
    const { transfer, steps, running } = setUp();
    await settled();
    expect([steps, transfer.isPaused.value]).toEqual([[1], true]);
    transfer.togglePause();
    expect(await running).toBe('all');
    expect([steps, transfer.isPaused.value]).toEqual([[1, 2, 3], false]);
  });

  test('can be cancelled, and what rested ends', async () => {
    const { transfer, steps, running } = setUp();
    await settled();
    transfer.cancel();
    await expect(running).rejects.toBeDefined();
    expect([steps, transfer.state.value]).toEqual([[1], { phase: 'cancelled' }]);
  });
});
