// A hostile tab that sends again what it has sent (channels.ts keeps it): of any age, in any order, damaged in all ways.

import type { Tab } from './ring.ts';

/** What a replay does to the frames: nothing, or damage of all kinds. */
export type Replay = 'as they were' | 'damaged';

/**
 * Sends frames of this tab's own again, of any age and in any order, some on each open channel in turn, and waits while there is
 * none. As they were: messages only, which are good ones, each sent long ago and to somebody else perhaps. Resolves with how many went out.
 */
export async function replayFrames(tab: Tab, how: Replay, frames: number, seed: number): Promise<number> {
  return tab.page.evaluate(
    async ({ how, frames, seed }) => {
      /** So many at a time: then the other tabs and this one may do their own work. */
      const burst = 100;
      let state = seed;
      const below = (limit: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * limit);
      };
      const kinds = how === 'damaged' ? [1, 2, 3] : [1];
      const own = (window.sentFrames ?? [])
        .filter((frame) => kinds.includes(frame[1] ?? 0))
        .map((frame) => frame.slice());
      const damage = (frame: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | string => {
        switch (below(20) === 0 ? 'oversize' : below(6)) {
          case 'oversize': {
            const oversize = new Uint8Array(256 * 1024);
            oversize.set(frame.subarray(0, 100));
            return oversize;
          }
          case 0:
            return frame.slice(0, below(frame.length));
          case 1:
            frame[0] = below(256); // another version
            return frame;
          case 2:
            frame[1] = below(256); // another kind
            return frame;
          case 3:
            return crypto.getRandomValues(new Uint8Array(below(1_000)));
          case 4:
            return 'x'.repeat(below(100));
          default:
            for (let changes = below(8); changes >= 0; changes -= 1) frame[below(frame.length)] = below(256);
            return frame;
        }
      };
      let sent = 0;
      while (sent < frames) {
        for (const channel of [...(window.channels ?? [])].filter(({ readyState }) => readyState === 'open')) {
          for (let inBurst = 0; inBurst < burst && sent < frames && channel.readyState === 'open'; inBurst += 1) {
            const frame = own[below(own.length)]?.slice();
            if (frame === undefined) throw new Error('this tab has sent nothing yet');
            const hostile = how === 'damaged' ? damage(frame) : frame;
            // Two calls, since send has no overload for both.
            if (typeof hostile === 'string') channel.send(hostile);
            else channel.send(hostile);
            sent += 1;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return sent;
    },
    { how, frames, seed },
  );
}

/** Bytes of a tab's JavaScript heap that are in use, after a collection. */
export async function heapBytes(tab: Tab): Promise<number> {
  const session = await tab.context.newCDPSession(tab.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
