// How nodes learn what is beyond their leaf sets (beyond-leaves.ts): each asks the outermost leaf of a side, whose own leaves come
// next there, and which has asked its outermost leaf. Who was asked tells of changes too, so a death far away comes at the speed of messages.

import { BoundedMap } from '../bounded-map.ts';
import type { Instant } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import { SIDES, type Side } from './beyond-leaves.ts';
import type { PastContext } from './context.ts';
import type { Beyond } from './messages.ts';

/** Changes of the leaf set come in groups. */
const DEBOUNCE_MS = 200;
const ROUND_MS = 60_000;
/** Who asked hears of changes until its next two questions should have come. */
const LISTENS_MS = 2.5 * ROUND_MS;
/** On one side this is the outermost leaf of one node, or of a few while their views differ. */
const MAX_LISTENERS = 8;

interface Listener {
  readonly until: Instant;
  /** What it was told last; undefined: nothing yet. */
  told: string | undefined;
}

export class BeyondExchange {
  readonly #context: PastContext;
  readonly #changed: () => void;
  readonly #listenersBySide: Readonly<Record<Side, BoundedMap<NodeId, Listener>>> = {
    clockwise: new BoundedMap(MAX_LISTENERS),
    counterclockwise: new BoundedMap(MAX_LISTENERS),
  };

  /** `changed` is called when other nodes are known beyond the leaves than before. */
  constructor(context: PastContext, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  leafSetChanged(): void {
    const concerns = (side: Side): boolean =>
      this.#context.beyond.teller(side) !== undefined || this.#listenersBySide[side].size > 0;
    if (SIDES.some(concerns) && !this.#context.isWaiting({ kind: 'beyond-soon' }))
      this.#context.after({ kind: 'beyond-soon' }, DEBOUNCE_MS, () => {
        this.#tellAll();
        this.#ask();
      });
  }

  /** Another node asks what comes next on a side. What a node knows of the ring is its neighbours' business. */
  asked(from: NodeId, side: Side): void {
    if (!this.#context.isLeaf(from)) return;
    const listener = { until: this.#context.ring.now + LISTENS_MS, told: undefined };
    this.#listenersBySide[side].set(from, listener);
    this.#tell(from, side, listener);
  }

  /** The outermost leaf of a side has told what comes next there. */
  answered(from: NodeId, { side, nodes }: Beyond): void {
    const { beyond, ring } = this.#context;
    if (from !== beyond.teller(side)) return;
    const isNews = beyond.take(side, nodes);
    if (isNews === undefined) return ring.count('nodes beyond the leaves out of order');
    if (!isNews) return;
    this.#tellAll();
    this.#changed();
  }

  #ask(): void {
    const tellers = SIDES.flatMap((side) => {
      const teller = this.#context.beyond.teller(side);
      return teller === undefined ? [] : [{ side, teller }];
    });
    for (const { side, teller } of tellers) this.#context.tell(teller, { type: 'beyond?', side });
    if (tellers.length === 0) this.#context.cancel({ kind: 'beyond-round' });
    else this.#context.after({ kind: 'beyond-round' }, ROUND_MS, () => this.#ask());
  }

  #tellAll(): void {
    for (const side of SIDES)
      for (const [nodeId, listener] of this.#listenersBySide[side])
        if (this.#context.ring.now < listener.until) this.#tell(nodeId, side, listener);
  }

  #tell(to: NodeId, side: Side, listener: Listener): void {
    const nodes = this.#context.beyond.seenBy(to, side);
    const told = nodes.map(({ nodeId, device }) => `${nodeId} ${device}`).join();
    if (told === listener.told) return;
    listener.told = told;
    this.#context.tell(to, { type: 'beyond', side, nodes });
  }
}
