// How far a lesson has come: the next step begins when the one before it has been done, and only what happens from then on counts.

import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import { ringFacts } from '../text/ring/facts.ts';
import { isDone, LESSON_STEPS } from '../text/ring/lesson.ts';
import type { Item } from '../text/ring/looked.ts';
import type { PageModel } from './page-model.ts';
import type { RingStage } from './ring-stage.ts';

export class RingLesson {
  readonly #stage: RingStage;
  readonly #model: PageModel;
  readonly #step = signal(0);
  /** When the step began: the moment's number, and what was chosen. */
  #since = 0;
  #chosenBefore: Item | undefined;

  constructor(model: PageModel, stage: RingStage) {
    this.#model = model;
    this.#stage = stage;
    effect(() => this.#look());
  }

  /** Which step one is at, counted from 0; their number when all are done. */
  get step(): ReadonlySignal<number> {
    return this.#step;
  }

  skip(): void {
    this.#go(this.#step.peek() + 1);
  }

  begin(): void {
    this.#go(0);
  }

  #go(step: number): void {
    this.#since = this.#stage.player.recording.newest.peek();
    this.#chosenBefore = this.#stage.chosen.peek();
    this.#step.value = Math.min(step, LESSON_STEPS.length);
  }

  #look(): void {
    const step = LESSON_STEPS[this.#step.value];
    const { player } = this.#stage;
    const newest = player.recording.newest.value;
    const chosen = this.#stage.chosen.value;
    const state = {
      facts: ringFacts(this.#model.inspection.value, this.#model.listing.value),
      since: player.recording.upTo(newest).filter(({ number }) => number > this.#since),
      shown: player.shown.value,
      isPaused: player.mode.value === 'paused',
      chosen: chosen === this.#chosenBefore ? undefined : chosen,
      ownFiles: this.#model.listing.value.own.length,
    };
    if (step !== undefined && isDone(step, state)) this.#go(this.#step.peek() + 1);
  }
}

const lessonByPeer = new WeakMap<PeerApi, RingLesson>();

/** One for each peer. */
export function lessonOf(model: PageModel, stage: RingStage): RingLesson {
  const lesson = lessonByPeer.get(model.peer) ?? new RingLesson(model, stage);
  lessonByPeer.set(model.peer, lesson);
  return lesson;
}
