// What a node is told it has asked for, or it has no effect: answers that nobody waits for are counted, and that is all. What
// is told unasked by its nature, such as a death or a newcomer's greeting, says so by its nonce.

import { BoundedMap } from '../../bounded-map.ts';
import { type Context, count, isAcquainted } from '../context.ts';
import type { NodeId } from '../id.ts';
import { type PastryMessage, UNASKED } from '../messages.ts';
import type { NodeHandle } from '../node-handle.ts';
import type { ProbeKind } from './failure-detector.ts';

/** Nodes asked for entries whose answers may still come: sponsors, and helpers for cells. */
const MAX_HELPERS = 64;
/** Questions to one of them: a newcomer may ask a sponsor again. */
const MAX_QUESTIONS = 4;

export class ExpectedEntries {
  readonly #questionsByHelper = new BoundedMap<NodeId, number>(MAX_HELPERS);

  /** This node asks `helper` for something that `entries` answer. */
  asked(helper: NodeId): void {
    this.#questionsByHelper.set(helper, Math.min(MAX_QUESTIONS, (this.#questionsByHelper.get(helper) ?? 0) + 1));
  }

  /** True if an answer of this node's is awaited, which this is then. */
  take(helper: NodeId): boolean {
    const questions = this.#questionsByHelper.get(helper) ?? 0;
    if (questions === 0) return false;
    this.#questionsByHelper.set(helper, questions - 1);
    return true;
  }
}

/** Takes the answer to a probe; false if nobody waits for it. */
type Answered = (from: NodeHandle, kind: ProbeKind, nonce: number) => boolean;

/** True for what may have an effect; the rest is counted. */
export function isExpected(context: Context, from: NodeId, message: PastryMessage, answered: Answered): boolean {
  const isRight = (): boolean => {
    switch (message.type) {
      case 'pong':
        return answered(message.self, 'ping', message.nonce);
      case 'leaf-set':
      case 'row':
        return message.asks || message.nonce === UNASKED || answered(message.self, message.type, message.nonce);
      case 'entries':
        return context.expectedEntries.take(from);
      default:
        return true;
    }
  };
  if (isRight()) return true;
  count(context, `unasked-${message.type}`);
  return false;
}

/** Remembers who speaks of nodes that this one does not know. */
export function noteTeller(context: Context, teller: NodeId, message: PastryMessage): void {
  const named = 'members' in message ? message.members : 'entries' in message ? message.entries : [];
  for (const { nodeId } of named) if (!isAcquainted(context, nodeId)) context.hearsay.named(teller, nodeId);
}
