// One store or fetch as the page shows it: its state as a signal, its speed, its cancel button.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { TransferOptions } from '../../peer/api.ts';
import { PeerError, type PeerErrorCode } from '../../peer/errors.ts';
import type { RetrieveOptions } from '../../peer/retrieved-file.ts';
import { type Rate, RateMeter } from '../../prompt/rate-meter.ts';
import { isAborted } from '../text/page-error.ts';

/** begin: nothing has been said of it. join: the tab is not in the ring yet. turn: others come first. */
type WaitingReason = 'begin' | 'join' | 'turn';

export type TransferState<Result> =
  | { readonly phase: 'waiting'; readonly reason: WaitingReason }
  | {
      readonly phase: 'running';
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly rate: Rate | undefined;
    }
  | { readonly phase: 'done'; readonly result: Result }
  | {
      readonly phase: 'failed';
      readonly error: unknown;
      /** Undefined of what nobody expected. */
      readonly code: PeerErrorCode | undefined;
    }
  | { readonly phase: 'cancelled' };

/** Neither over nor given up. */
export function isUnderWay({ phase }: TransferState<unknown>): boolean {
  return phase === 'waiting' || phase === 'running';
}

/** `going` is for fetches: a store that rests loses the leases of what is in place. */
export type RunOptions = Required<TransferOptions> & Pick<RetrieveOptions, 'going'>;

/** How often it is looked at while nothing comes, milliseconds. */
const TICK_MS = 1_000;
/** Progress comes with every message; the page needs no more than ten looks a second, milliseconds. */
const PROGRESS_EVERY_MS = 100;

export class Transfer<Result> {
  /** Of all of it; 0 while that is not known. */
  readonly bytes: number;
  readonly #label: string | (() => string);
  readonly #now: () => number;
  readonly #state;
  readonly #abort = new AbortController();
  readonly #isPaused = signal(false);
  #goOn: (() => void) | undefined;
  #going: Promise<void> | undefined;
  readonly #meter = new RateMeter();

  /** `label`: how it is called, as words of the language if it has no name. `now`: milliseconds on a clock that only moves forward. */
  constructor(label: string | (() => string), now: () => number, bytes = 0) {
    this.#label = label;
    this.bytes = bytes;
    this.#now = now;
    this.#state = signal<TransferState<Result>>({ phase: 'waiting', reason: 'begin' });
  }

  get state(): ReadonlySignal<TransferState<Result>> {
    return this.#state;
  }

  get label(): string {
    return typeof this.#label === 'string' ? this.#label : this.#label();
  }

  get isOver(): boolean {
    return !isUnderWay(this.#state.peek());
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isPaused(): ReadonlySignal<boolean> {
    return this.#isPaused;
  }

  /** Resolves as soon as it is not paused. */
  readonly going = async (): Promise<void> => this.#going;

  /** Pauses it, or lets it go on. */
  togglePause(): void {
    this.#isPaused.value = !this.#isPaused.peek();
    this.#goOn?.();
    this.#going = this.#isPaused.peek() ? new Promise((resolve) => (this.#goOn = resolve)) : undefined;
  }

  /** Says why it has not begun. */
  wait(reason: WaitingReason): void {
    if (!this.isOver) this.#state.value = { phase: 'waiting', reason };
  }

  cancel(): void {
    if (this.isOver) return;
    this.#abort.abort();
    this.#goOn?.();
    this.#state.value = { phase: 'cancelled' };
  }

  /** Runs `work` and settles with it; a failure is shown and thrown on. `listener` hears of progress too. */
  async run(
    totalBytes: number,
    listener: TransferOptions['onProgress'],
    work: (options: RunOptions) => Promise<Result>,
  ): Promise<Result> {
    this.#signalProgress(0, totalBytes);
    let lookedAt = this.#now();
    let told = { doneBytes: 0, totalBytes };
    // Where nothing comes any more, the page says so.
    const ticking = setInterval(() => this.#signalProgress(told.doneBytes, told.totalBytes), TICK_MS);
    const onProgress: Required<TransferOptions>['onProgress'] = (progress) => {
      listener?.(progress);
      told = progress;
      const now = this.#now();
      this.#meter.note(now, progress.doneBytes);
      if (now - lookedAt < PROGRESS_EVERY_MS && progress.doneBytes < progress.totalBytes) return;
      lookedAt = now;
      this.#signalProgress(progress.doneBytes, progress.totalBytes);
    };
    try {
      if (this.#abort.signal.aborted) throw new PeerError('aborted', 'Cancelled before it began.');
      const result = await work({ onProgress, signal: this.#abort.signal, going: this.going });
      if (!this.isOver) this.#state.value = { phase: 'done', result };
      return result;
    } catch (error) {
      this.fail(error);
      throw error;
    } finally {
      clearInterval(ticking);
    }
  }

  fail(error: unknown): void {
    if (this.isOver) return;
    const code = error instanceof PeerError ? error.code : undefined;
    this.#state.value = isAborted(error) ? { phase: 'cancelled' } : { phase: 'failed', error, code };
  }

  #signalProgress(doneBytes: number, totalBytes: number): void {
    if (this.isOver) return;
    this.#state.value = { phase: 'running', doneBytes, totalBytes, rate: this.#meter.rate(this.#now(), totalBytes) };
  }
}
