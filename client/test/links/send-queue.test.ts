// Pacing: order, the high-water mark, the bound.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HIGH_WATER_BYTES, MAX_QUEUED_BYTES } from '../../src/links/limits.ts';
import { SendQueue } from '../../src/links/send-queue.ts';

function fakeChannel() {
  return {
    bufferedAmount: 0,
    sent: [] as (Uint8Array | string)[],
    send(chunk: Uint8Array | string) {
      this.sent.push(chunk);
      this.bufferedAmount += chunk.length;
    },
  };
}

test('whatever is pushed and whenever the channel drains: all is sent, in order, none above the mark', () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constant('drain' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const channel = fakeChannel();
      const queue = new SendQueue(channel);
      const pushed: Uint8Array[] = [];
      for (const size of steps) {
        if (size === 'drain') {
          channel.bufferedAmount = 0;
          queue.pump();
        } else {
          const chunk = new Uint8Array(size);
          pushed.push(chunk);
          queue.push(chunk);
        }
        expect(channel.bufferedAmount).toBeLessThan(HIGH_WATER_BYTES + 100_000);
      }
      const total = (chunks: readonly (Uint8Array | string)[]) => chunks.reduce((sum, { length }) => sum + length, 0);
      expect(queue.bufferedBytes - channel.bufferedAmount).toBe(total(pushed) - total(channel.sent));
      while (queue.bufferedBytes > 0) {
        channel.bufferedAmount = 0;
        queue.pump();
      }
      expect(channel.sent.every((chunk, i) => chunk === pushed[i])).toBe(true);
      expect(channel.sent).toHaveLength(pushed.length);
    }),
  );
});

test('ten thousand small chunks keep their order', () => {
  const channel = fakeChannel();
  channel.bufferedAmount = HIGH_WATER_BYTES;
  const queue = new SendQueue(channel);
  for (let i = 0; i < 10_000; i += 1) queue.push(String(i));
  while (channel.sent.length < 10_000) {
    channel.bufferedAmount = HIGH_WATER_BYTES - 5000;
    queue.pump();
  }
  expect(channel.sent.every((chunk, i) => chunk === String(i))).toBe(true);
});

test('a channel that drains is asked once for what it takes below the mark, and not for each chunk', () => {
  let asked = 0;
  const channel = {
    get bufferedAmount() {
      asked += 1;
      return 0;
    },
    send: () => undefined,
  };
  const queue = new SendQueue(channel);
  const chunk = new Uint8Array(HIGH_WATER_BYTES / 16);
  for (let pushed = 0; pushed < 64; pushed += 1) queue.push(chunk);
  expect(asked).toBe(4);
});

test('a full queue takes nothing more, and forgets on clear', () => {
  const channel = fakeChannel();
  channel.bufferedAmount = HIGH_WATER_BYTES;
  const queue = new SendQueue(channel);
  expect(queue.push(new Uint8Array(MAX_QUEUED_BYTES))).toBe(true);
  expect(queue.push(new Uint8Array(1))).toBe(false);
  expect(queue.bufferedBytes).toBe(HIGH_WATER_BYTES + MAX_QUEUED_BYTES);
  queue.clear();
  expect(queue.bufferedBytes).toBe(HIGH_WATER_BYTES);
});
