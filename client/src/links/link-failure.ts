// Why a link did not open, in words for people: what happened and what to do.

import type { LinkFailure } from '../peer/ports.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import type { AbandonReason, Doubt } from './signal.ts';

const MESSAGE_BY_STAGE: Readonly<Record<LinkFailure['stage'], string>> = {
  signalling: 'The offer reached nobody.',
  'no-answer': `The other tab did not answer within ${CONNECT_TIMEOUT_MS / 1000} seconds or more: it may be closed, asleep, or too busy.`,
  ice: 'No network path between the two tabs was found.',
  dtls: 'A network path was found, but no channel opened over it: it may be very slow, or a firewall may cut it. It is tried again.',
  'closed-by-peer': 'The other tab gave the link up before it was open.',
  proof: 'The other end did not prove that it is the node that was wanted.',
  budget: 'There are too many connections at the moment. It is tried again when there is room.',
  webrtc:
    'This browser allows no WebRTC connections: allow them in its settings or extensions, or use another browser.',
};

/** `detail` says more. */
export function linkFailure(stage: LinkFailure['stage'], detail?: string, noSuchPeer = false): LinkFailure {
  const message = MESSAGE_BY_STAGE[stage];
  return { stage, noSuchPeer, message: detail === undefined ? message : `${message} ${detail}` };
}

/** The other end gave the attempt up. */
export function abandonedFailure(reason: AbandonReason): LinkFailure {
  return reason === 'busy'
    ? linkFailure('budget', '(The other tab is busy.)')
    : linkFailure('closed-by-peer', DETAIL_BY_REASON[reason]);
}

/** What came in one end's name was not proved to be of it. */
export function doubtedFailure(why: Doubt['why']): LinkFailure {
  return linkFailure('proof', DETAIL_BY_DOUBT[why]);
}

const DETAIL_BY_DOUBT: Readonly<Record<Doubt['why'], string>> = {
  forged: '(What arrives was not signed by it: somebody between the two tabs changes their signals.)',
  expired: '(A certificate has expired: one of the two tabs has not reached the Discovery node for too long.)',
  foreign: '(One of the two tabs is of another ring, or of an earlier one at the same address: reload it.)',
};

const DETAIL_BY_REASON: Readonly<Record<Exclude<AbandonReason, 'busy'>, string>> = {
  closed: '(It knows nothing of the attempt: it may have been reloaded.)',
  goodbye: '(It leaves the ring.)',
  budget: '(It has too many links.)',
  misbehaved: '(It blames this tab for malformed messages.)',
};
