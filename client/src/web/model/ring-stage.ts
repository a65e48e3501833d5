// The ring as the Ring place shows it: which moment, what of it is looked at, how near. Kept while one is in another place.

import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { PeerApi } from '../../peer/api.ts';
import { type RingFacts, ringFacts } from '../text/ring/facts.ts';
import { ZOOMS } from '../text/ring/layout.ts';
import { type Lit, litOf } from '../text/ring/lit.ts';
import { type Item, itemsOf } from '../text/ring/looked.ts';
import type { Moment } from '../text/ring/moment.ts';
import { holdingsOf } from '../text/ring/objects.ts';
import { type Scene, sceneOf } from '../text/ring/scene.ts';
import { lookupsOf } from './lookups.ts';
import type { PageModel } from './page-model.ts';
import { RingPlayer } from './ring-player.ts';
import type { RingRecording } from './ring-recording.ts';

/** So long who has left is crossed out in the live picture if nothing else happens, milliseconds. */
export const QUIET_MS = 4_000;

export class RingStage {
  readonly player: RingPlayer;
  /** What the pointer is on, and what was chosen before. */
  readonly hovered = signal<Item | undefined>(undefined);
  readonly chosen = signal<Item | undefined>(undefined);
  readonly looked = computed(() => this.hovered.value ?? this.chosen.value);
  readonly zoom = signal(ZOOMS[0]);
  readonly isProjected = signal(false);
  /** What is shown live happened a while ago. */
  readonly #isQuiet = signal(false);
  readonly facts: ReadonlySignal<RingFacts>;
  readonly scene: ReadonlySignal<Scene>;
  readonly lit: ReadonlySignal<Lit>;
  /** Room in the leaf set on each side. */
  readonly leavesPerSide: number;

  constructor(model: PageModel, recording: RingRecording) {
    this.leavesPerSide = model.inspection.peek().params.leafSetSize / 2;
    this.player = new RingPlayer(recording, (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    });
    const moments = computed(() => {
      const shown = this.player.shown.value;
      return shown === undefined ? [before(model)] : recording.upTo(shown.number);
    });
    this.facts = computed(() => moments.value.at(-1)?.facts ?? before(model).facts);
    this.scene = computed(() => sceneOf(moments.value, holdingsOf(moments.value), this.#isQuiet.value));
    effect(() => this.#awaitQuiet());
    this.lit = computed(() => litOf(moments.value, this.looked.value?.id));
    let told: unknown;
    lookupsOf(model).state.subscribe((state) => {
      if (state.phase !== 'found' || state.result === told) return;
      told = state.result;
      // Who looks up a key wants to see its way, not the moment that was gone back to.
      this.player.live();
      recording.addLookup(state.result);
      model.refresh();
    });
  }

  /** From each moment that is shown anew; a moment that was gone back to stays as it was. */
  #awaitQuiet(): () => void {
    const isLive = this.player.mode.value === 'live' && this.player.shown.value !== undefined;
    this.#isQuiet.value = false;
    const timer = isLive
      ? setTimeout(() => {
          this.#isQuiet.value = true;
        }, QUIET_MS)
      : undefined;
    return () => clearTimeout(timer);
  }

  /** Goes on from what is chosen to the mark so many places clockwise. */
  goRound(by: number): void {
    const items = itemsOf(this.scene.peek());
    const chosen = this.chosen.peek();
    const self = this.facts.peek().nodeId;
    const at = items.findIndex(({ id, kind }) =>
      chosen === undefined ? id === self : id === chosen.id && kind === chosen.kind,
    );
    this.hovered.value = undefined;
    this.chosen.value = chosen === undefined ? items[at] : items.at((Math.max(at, 0) + by) % items.length);
  }

  /** One step nearer, or farther. */
  zoomBy(step: 1 | -1): void {
    const at = ZOOMS.indexOf(this.zoom.peek());
    this.zoom.value = ZOOMS[Math.min(Math.max(at + step, 0), ZOOMS.length - 1)] ?? ZOOMS[0];
  }

  letGo(): void {
    this.hovered.value = undefined;
    this.chosen.value = undefined;
  }
}

/** While nothing is recorded. */
function before(model: PageModel): Moment {
  const facts = ringFacts(model.inspection.value, model.listing.value);
  return { number: 0, at: 0, happening: { kind: 'changed', parts: [] }, facts };
}

const stageByPeer = new WeakMap<PeerApi, RingStage>();

/** One for each peer. */
export function stageOf(model: PageModel, recording: RingRecording): RingStage {
  const stage = stageByPeer.get(model.peer) ?? new RingStage(model, recording);
  stageByPeer.set(model.peer, stage);
  return stage;
}
