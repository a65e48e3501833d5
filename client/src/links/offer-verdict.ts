// Whether to take up an offer, or a call. Pure: the one place where two attempts at one link are told apart. A call asks the
// other end for an offer, so an offer is always further on than a call.

import type { NodeId } from '../core/pastry/id.ts';
import { MAX_PENDING_INCOMING } from './limits.ts';

/**
 * call: this node has called, and waits for an offer. offer: it has offered. called: it has offered, because the other end
 * called. answer: it answers the other end's offer.
 */
export type AttemptKind = 'call' | 'offer' | 'called' | 'answer';

/** What there is already between this node and the one that offers or calls. */
export interface Existing {
  readonly opening: { readonly attempt: string; readonly kind: AttemptKind } | undefined;
  /** Others' attempts that this node has taken up and that are not open yet, whoever they are from. */
  readonly pendingIncoming: number;
  /** The sender has not made too many attempts lately. Asked once at most, since it counts. */
  readonly mayTry: () => boolean;
  /** Room under the budget of links, or made for this one. */
  readonly mayHaveMore: () => boolean;
  /** The attempt was seen before: in use, or over. */
  readonly seen: boolean;
}

export type Verdict =
  /** Take it up. An open link to that node stays until the new one is open: its tab may have been reloaded, or this may be late. */
  | 'take'
  /** Drop the present attempt without a word and take this one up. */
  | 'yield'
  /** Both tried at once and ours wins. Repeat ours: the other may have been reloaded since it was sent. */
  | 'hold'
  /** Seen before. */
  | 'ignore'
  /** Too many attempts at once: say so. */
  | 'refuse';

export function judgeOffer(self: NodeId, from: NodeId, attempt: string, existing: Existing): Verdict {
  const { opening, seen } = existing;
  // What this node called for.
  if (opening?.kind === 'call' && opening.attempt === attempt) return 'yield';
  if (seen) return 'ignore';
  if (opening?.kind === 'call') return 'yield';
  // Glare: both sides reach the same verdict by themselves, since ids differ.
  if (opening?.kind === 'offer') return self > from ? 'hold' : 'yield';
  return judgeTheirs(existing);
}

export function judgeCall(self: NodeId, from: NodeId, existing: Existing): Verdict {
  const { opening, seen } = existing;
  if (seen) return 'ignore';
  // As with two offers the higher one's counts: so it makes one, and the lower one's call stands.
  if (opening?.kind === 'call') return self > from ? 'yield' : 'hold';
  if (opening?.kind === 'offer') return 'hold';
  return judgeTheirs(existing);
}

function judgeTheirs({ opening, pendingIncoming, mayTry, mayHaveMore }: Existing): Verdict {
  // The other side began anew; its former attempt is dead and its place is free.
  if (opening !== undefined) return mayTry() ? 'yield' : 'refuse';
  return pendingIncoming < MAX_PENDING_INCOMING && mayTry() && mayHaveMore() ? 'take' : 'refuse';
}
