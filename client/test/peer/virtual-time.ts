// Time that passes only as fast as the tests work it off: one queue of events for clocks and links alike.

// What a peer loads when it needs it is here before: no virtual time passes while a real file is read.
import '../../src/peer/file-transfers.ts';
import '../../src/peer/own-leases.ts';
import type { Clock } from '../../src/peer/ports.ts';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** What WebCrypto is working on, in threads of its own: files are sealed by it, however long a crowded machine takes. */
let sealing = 0;
for (const name of [
  'encrypt',
  'decrypt',
  'importKey',
  'deriveBits',
  'deriveKey',
  'digest',
  'sign',
  'verify',
] as const) {
  const work: (...given: never[]) => Promise<unknown> = crypto.subtle[name].bind(crypto.subtle);
  const watched = (...given: never[]): Promise<unknown> => {
    sealing += 1;
    return work(...given).finally(() => {
      sealing -= 1;
    });
  };
  Object.defineProperty(crypto.subtle, name, { value: watched, configurable: true });
}

/** Without this many events something spins. */
const MAX_EVENTS = 2_000_000;

export class VirtualTime {
  now = 0;
  /** A heap would be faster, but tests hold a few hundred events at most. */
  #events: Event[] = [];
  #lastOrder = 0;
  /** What is worked on outside of this thread. */
  #pending = 0;

  /** Runs `run` in `delayMs`, after what is due earlier or was scheduled before. Returns how to cancel it. */
  schedule(delayMs: number, run: () => void): () => void {
    this.#lastOrder += 1;
    const event = { at: this.now + Math.max(0, delayMs), order: this.#lastOrder, run };
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1]?.at ?? 0) > event.at) index -= 1;
    this.#events.splice(index, 0, event);
    return () => {
      this.#events = this.#events.filter((other) => other !== event);
    };
  }

  clock(): Clock {
    let cancel = (): void => undefined;
    return {
      now: () => this.now,
      setAlarm: (instant, wake) => {
        cancel();
        cancel = instant === undefined ? () => undefined : this.schedule(instant - this.now, wake);
      },
    };
  }

  /** No time passes before this is settled. */
  standStillFor<T>(promise: Promise<T>): Promise<T> {
    this.#pending += 1;
    return promise.finally(() => {
      this.#pending -= 1;
    });
  }

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.until(() => (this.#events[0]?.at ?? Number.POSITIVE_INFINITY) > end, ms + 1);
    this.now = end;
  }

  /** Works events off until `isDone`; throws if that is not so after `limitMs`. */
  async until(isDone: () => boolean, limitMs: number): Promise<void> {
    const end = this.now + limitMs;
    for (let count = 0; count < MAX_EVENTS; count += 1) {
      do await settled();
      while (this.#pending > 0 || sealing > 0);
      if (isDone()) return;
      const event = this.#events.shift();
      if (event === undefined || event.at > end) throw new Error(`not so after ${limitMs} virtual milliseconds`);
      this.now = Math.max(this.now, event.at);
      event.run();
    }
    throw new Error('time stands still');
  }

  /** What `promise` resolves to, within `limitMs`. */
  async result<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.until(() => isSettled, limitMs);
    return promise;
  }
}

/** All promises that wait for nothing outside this process have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
