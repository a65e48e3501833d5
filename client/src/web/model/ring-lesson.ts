// How far a lesson has come: the next step begins when the one before it has been done, and only what happens from then on counts.

import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import { ringFacts } from '../text/ring/facts.ts';
import { isDone, LESSON_STEPS, type LessonStep } from '../text/ring/lesson.ts';
import type { Item } from '../text/ring/looked.ts';
import type { PageModel } from './page-model.ts';
import type { RingStage } from './ring-stage.ts';

export class RingLesson {
  readonly #stage: RingStage;
  readonly #model: PageModel;
  readonly #step = signal(0);
  readonly #skipped = signal<ReadonlySet<LessonStep>>(new Set());
  /** When the step began: the newest moment's number; and what was chosen, and the moment gone back to, while they stay so. */
  #since = 0;
  #chosenBefore: Item | undefined;
  #pausedBefore: number | undefined;

  constructor(model: PageModel, stage: RingStage) {
    this.#model = model;
    this.#stage = stage;
    effect(() => this.#look());
  }

  /** Which step one is at, counted from 0; their number when all are done. */
  get step(): ReadonlySignal<number> {
    return this.#step;
  }

  /** Those that were passed over. */
  get skipped(): ReadonlySignal<ReadonlySet<LessonStep>> {
    return this.#skipped;
  }

  skip(): void {
    const at = this.#step.peek();
    const step = LESSON_STEPS[at];
    if (step === undefined) return;
    batch(() => {
      this.#skipped.value = new Set([...this.#skipped.peek(), step]);
      this.#go(at + 1);
    });
  }

  begin(): void {
    batch(() => {
      this.#skipped.value = new Set();
      this.#go(0);
    });
  }

  #go(step: number): void {
    const { player, chosen } = this.#stage;
    this.#since = player.recording.newest.peek();
    this.#chosenBefore = chosen.peek();
    this.#pausedBefore = player.mode.peek() === 'paused' ? player.shown.peek()?.number : undefined;
    this.#step.value = Math.min(step, LESSON_STEPS.length);
  }

  #look(): void {
    const step = LESSON_STEPS[this.#step.value];
    const { player } = this.#stage;
    const newest = player.recording.newest.value;
    const chosen = this.#stage.chosen.value;
    const shown = player.shown.value;
    const pausedAt = player.mode.value === 'paused' ? shown?.number : undefined;
    // What was done for the step before does not count twice; once something else was chosen, or shown, it may be done anew.
    if (!isSame(chosen, this.#chosenBefore)) this.#chosenBefore = undefined;
    if (pausedAt !== this.#pausedBefore) this.#pausedBefore = undefined;
    const state = {
      facts: ringFacts(this.#model.inspection.value, this.#model.listing.value),
      since: player.recording.upTo(newest).filter(({ number }) => number > this.#since),
      shown,
      isPaused: pausedAt !== undefined && this.#pausedBefore === undefined,
      chosen: this.#chosenBefore === undefined ? chosen : undefined,
      ownFiles: this.#model.listing.value.own.length,
    };
    if (step !== undefined && isDone(step, state)) this.#go(this.#step.peek() + 1);
  }
}

/** Each click makes an item of its own. */
function isSame(a: Item | undefined, b: Item | undefined): boolean {
  return a?.kind === b?.kind && a?.id === b?.id;
}

const lessonByPeer = new WeakMap<PeerApi, RingLesson>();

/** One for each peer. */
export function lessonOf(model: PageModel, stage: RingStage): RingLesson {
  const lesson = lessonByPeer.get(model.peer) ?? new RingLesson(model, stage);
  lessonByPeer.set(model.peer, lesson);
  return lesson;
}
