// The answers to who looks for a block (PAST, section 2.1: lookup): any node on the route that holds it may give one.

import type { NodeId } from '../pastry/id.ts';
import type { ReplyPayload } from '../pastry/messages.ts';
import type { BlockRef } from './block.ts';
import type { PastContext } from './context.ts';
import type { Intake } from './intake.ts';
import { Receivers } from './receivers.ts';

export class Locating {
  readonly #context: PastContext;
  readonly #intake: Intake;
  readonly #receivers: Receivers;

  constructor(context: PastContext, intake: Intake) {
    this.#context = context;
    this.#intake = intake;
    this.#receivers = new Receivers(context);
  }

  /** All bytes of a block have gone to this node. */
  given(to: NodeId, digest: string): void {
    this.#receivers.given(to, digest);
  }

  /** Undefined if the block is not held here, or this node itself asks, who else may: the question goes on. */
  onTheWay(block: BlockRef, route: readonly NodeId[]): ReplyPayload | undefined {
    return route.length > 1 ? this.#holders(block, route) : undefined;
  }

  atRoot(block: BlockRef, route: readonly NodeId[]): ReplyPayload {
    const answer = this.#holders(block, route);
    if (answer !== undefined) return answer;
    // A root that has just come may not have it yet: whoever offered it has it, and its neighbours may.
    const neighbours = this.#context.view().replicaSet(block.key, this.#context.replicas + 1);
    const target = this.#context.pointers.get(block.digest)?.target;
    const standIn = target === undefined ? [] : [target];
    const candidates = new Set([...standIn, ...this.#intake.sources(block.digest), ...neighbours]);
    candidates.delete(this.#context.self);
    return { kind: 'holders', holders: [...candidates], route };
  }

  #holders({ digest }: BlockRef, route: readonly NodeId[]): ReplyPayload | undefined {
    const { held, known, self } = this.#context;
    if (!held.has(digest)) return undefined;
    return { kind: 'holders', holders: [self, ...known.holders(digest), ...this.#receivers.of(digest)], route };
  }
}
