// Which moment of the recording is shown: the newest, or one of the last minutes, by itself or step by step.

import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Moment } from '../text/ring/moment.ts';
import type { RingRecording } from './ring-recording.ts';

/** live: what happens, as it happens. playing: what has happened, in its time. paused: one moment. */
export type PlayerMode = 'live' | 'playing' | 'paused';

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

/** So long each hop of a lookup is shown at speed 1, milliseconds: to be followed with the eyes, digits read. */
export const HOP_MS = 1_200;
/** A pause in which nothing happened is shown no longer than this, and what came at once no shorter. */
const LONGEST_MS = 1_500;
const SHORTEST_MS = 60;

/** Calls `run` once, some milliseconds later, unless the returned function was called before. */
type Later = (run: () => void, delayMs: number) => () => void;

export class RingPlayer {
  readonly #recording: RingRecording;
  readonly #later: Later;
  readonly #number = signal(0);
  readonly #mode = signal<PlayerMode>('live');
  readonly #speed = signal(1);
  #stopWaiting: (() => void) | undefined;
  readonly shown: ReadonlySignal<Moment | undefined>;

  constructor(recording: RingRecording, later: Later) {
    this.#recording = recording;
    this.#later = later;
    this.shown = computed(() => recording.get(this.#number.value));
    this.#number.value = recording.newest.peek();
    // What came at once is drawn once.
    recording.newest.subscribe(() => batch(() => this.#follow()));
  }

  get mode(): ReadonlySignal<PlayerMode> {
    return this.#mode;
  }

  get speed(): ReadonlySignal<number> {
    return this.#speed;
  }

  get recording(): RingRecording {
    return this.#recording;
  }

  setSpeed(speed: number): void {
    this.#speed.value = speed;
  }

  /** From what is shown on; from the beginning if that is the newest. */
  play(): void {
    if (this.#number.peek() >= this.#recording.newest.peek()) this.#show(this.#recording.oldest);
    this.#mode.value = 'playing';
    this.#follow();
  }

  pause(): void {
    this.#stop();
    this.#mode.value = 'paused';
  }

  live(): void {
    this.#stop();
    this.#mode.value = 'live';
    this.#show(this.#recording.newest.peek());
  }

  /** So many moments on, or back. */
  step(by: number): void {
    this.seek(this.#number.peek() + by);
  }

  /** Shows the moment of this number, or the nearest that is kept, and pauses. */
  seek(number: number): void {
    this.pause();
    this.#show(Math.min(Math.max(number, this.#recording.oldest), this.#recording.newest.peek()));
  }

  #follow(): void {
    if (this.#mode.peek() === 'paused') {
      // What was shown may be forgotten by now.
      if (this.#number.peek() < this.#recording.oldest) this.#show(this.#recording.oldest);
      return;
    }
    if (this.#stopWaiting !== undefined) return;
    while (this.#number.peek() < this.#recording.newest.peek()) {
      const shown = this.#recording.get(this.#number.peek());
      const next = Math.max(this.#number.peek() + 1, this.#recording.oldest);
      const waitMs = shown === undefined ? 0 : this.#waitMs(shown, this.#recording.get(next));
      if (waitMs > 0) {
        this.#stopWaiting = this.#later(() => {
          this.#stopWaiting = undefined;
          this.#show(next);
          this.#follow();
        }, waitMs);
        return;
      }
      this.#show(next);
    }
    // Whoever has seen all of it sees what comes.
    this.#mode.value = 'live';
  }

  /** How long one moment stays before the next. */
  #waitMs(shown: Moment, next: Moment | undefined): number {
    const speed = this.#speed.peek();
    if (shown.happening.kind === 'hop') return HOP_MS / speed;
    if (this.#mode.peek() === 'live' || next === undefined) return 0;
    return Math.min(Math.max((next.at - shown.at) / speed, SHORTEST_MS), LONGEST_MS / speed);
  }

  #show(number: number): void {
    this.#number.value = number;
  }

  #stop(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
  }
}
