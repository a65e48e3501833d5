// A hostile tab: its data channels in the hands of a test, which sends on them what no tab sends, and spoils what it sends.

import type { Page } from 'playwright/test';
import type { Tab } from './ring.ts';

declare global {
  interface Window {
    /** Test only: the data channels on which this tab has sent, oldest first. */
    channels?: Set<RTCDataChannel>;
    /** Test only: while `on`, the last byte of every chunk of a block that this tab sends is spoiled, and counted. */
    spoiling?: { on: boolean; chunks: number };
    /** Test only: frames that this tab has sent, the latest, for sending them again. */
    sentFrames?: Uint8Array<ArrayBuffer>[];
  }
}

/** A frame to send: text, or bytes padded with zeros up to `length`, or this many random bytes. */
export type RawFrame =
  | { readonly text: string }
  | { readonly bytes: readonly number[]; readonly length?: number }
  | { readonly randomBytes: number };

/** For Ring.open: takes hold of the page's data channels before its own code runs. */
export async function captureChannels(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const channels = new Set<RTCDataChannel>();
    window.channels = channels;
    const sentFrames: Uint8Array<ArrayBuffer>[] = [];
    window.sentFrames = sentFrames;
    const kept = 2_000;
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown): void {
      channels.add(this);
      if (data instanceof Uint8Array) {
        sentFrames.push(data.slice());
        if (sentFrames.length > kept) sentFrames.shift();
      }
      window.spoiling ??= { on: false, chunks: 0 };
      const { spoiling } = window;
      // Version 2, kind 3: a chunk of a block (wire/frame.ts).
      const isChunk = data instanceof Uint8Array && data[0] === 2 && data[1] === 3;
      if (!spoiling.on || !isChunk) return Reflect.apply(send, this, [data]);
      const spoiled = data.slice();
      spoiled[spoiled.length - 1] = ~(spoiled.at(-1) ?? 0);
      spoiling.chunks += 1;
      Reflect.apply(send, this, [spoiled]);
    };
  });
}

/** Makes the tab lie, or stop lying; returns how many chunks it has spoiled so far. */
export async function spoil(tab: Tab, on: boolean): Promise<number> {
  return tab.page.evaluate((on) => {
    const { spoiling } = window;
    if (spoiling === undefined) throw new Error('the channels of this tab were not captured');
    spoiling.on = on;
    return spoiling.chunks;
  }, on);
}

/** Sends frames on the open channel that the tab opened last; `repeat`: all of them so many times. */
export async function sendOnLatestChannel(tab: Tab, frames: readonly RawFrame[], repeat = 1): Promise<void> {
  await tab.page.evaluate(
    ({ frames, repeat }) => {
      const channel = [...(window.channels ?? [])].findLast(({ readyState }) => readyState === 'open');
      if (channel === undefined) throw new Error('this tab has no open channel');
      for (let round = 0; round < repeat; round += 1) {
        for (const frame of frames) {
          if ('text' in frame) channel.send(frame.text);
          else if ('randomBytes' in frame) channel.send(crypto.getRandomValues(new Uint8Array(frame.randomBytes)));
          else {
            const bytes = new Uint8Array(frame.length ?? frame.bytes.length);
            bytes.set(frame.bytes);
            channel.send(bytes);
          }
        }
      }
    },
    { frames, repeat },
  );
}
