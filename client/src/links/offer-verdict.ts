// Whether to answer an offer. Pure: the one place where two attempts at one link are told apart.

import type { NodeId } from '../core/pastry/id.ts';
import { MAX_PENDING_INCOMING } from './limits.ts';

/** What there is already between this node and the one that offers. */
export interface Existing {
  readonly opening: { readonly attempt: string; readonly initiator: boolean } | undefined;
  /** Others' attempts that this node is answering now, whoever they are from. */
  readonly pendingIncoming: number;
  /** Room under the budget of links, or made for this one. */
  readonly mayHaveMore: () => boolean;
  /** The offer's attempt was seen before: in use, or over. */
  readonly seen: boolean;
}

export type OfferVerdict =
  /** Answer it. An open link to that node stays until the new one is open: the offer may come from a reloaded tab, or be late. */
  | 'answer'
  /** Drop the present attempt without a word and answer this one. */
  | 'yield'
  /** Both offered at once and ours wins. Repeat ours: the other may have been reloaded since it was sent. */
  | 'hold'
  /** Seen before. */
  | 'ignore'
  /** Too many attempts at once: say so. */
  | 'refuse';

export function judgeOffer(self: NodeId, from: NodeId, existing: Existing): OfferVerdict {
  if (existing.seen) return 'ignore';
  // Glare: both sides reach the same verdict by themselves, since ids differ.
  if (existing.opening?.initiator === true) return self > from ? 'hold' : 'yield';
  // The other side began anew; its former attempt is dead and its place is free.
  if (existing.opening !== undefined) return 'yield';
  return existing.pendingIncoming < MAX_PENDING_INCOMING && existing.mayHaveMore() ? 'answer' : 'refuse';
}
