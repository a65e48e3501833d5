// Why a link did not open, in words for people: what happened and what to do.

import type { LinkFailure } from '../peer/ports.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';

const MESSAGE_BY_STAGE: Readonly<Record<LinkFailure['stage'], string>> = {
  signalling: 'The offer could not be passed on.',
  'no-answer': `The other tab did not answer within ${CONNECT_TIMEOUT_MS / 1000} seconds: it may be closed or asleep.`,
  ice: 'No network path between the two tabs was found. Behind strict routers a TURN server is needed: ask the operator.',
  channel: 'A network path was found, but the data channel did not open. Try again.',
  'closed-by-peer': 'The other tab gave the link up before it was open.',
  budget: 'There are too many connections at the moment. Try again in half a minute.',
};

/** `detail` is added in brackets. */
export function linkFailure(stage: LinkFailure['stage'], detail?: string, noSuchPeer = false): LinkFailure {
  const message = MESSAGE_BY_STAGE[stage];
  return { stage, noSuchPeer, message: detail === undefined ? message : `${message} (${detail})` };
}
