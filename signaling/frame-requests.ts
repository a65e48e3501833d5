// A tab's request to carry a frame to another tab: who may ask for that, and what it is told.

import * as v from 'valibot';
import { idFromPrefix, type NodeId } from '../client/src/core/pastry/id.ts';
import type { Directory } from './directory.ts';
import type { Frame, FrameRelay } from './frame-relay.ts';
import type { Holders } from './holders.ts';
import { type Answered, firstIssue, NO_SUCH_TAB, NOT_REGISTERED, refused } from './refusals.ts';
import type { Peer } from './registration.ts';
import { FrameRequest } from './relay-protocol.ts';

export interface FrameContext {
  readonly directory: Pick<Directory, 'peerById'>;
  readonly holders: Pick<Holders, 'frame'>;
  readonly params: { readonly digits: number };
  readonly authority: { readonly ringKey: string };
  /** Undefined: frames are not relayed here. */
  readonly frameRelay: FrameRelay | undefined;
}

const REFUSALS = {
  pairs: refused('rate-limited', 'This Discovery node relays for too many pairs of tabs already.', {
    counter: 'relay-full',
  }),
  window: refused('rate-limited', 'Too much is on its way between these two tabs.'),
  gone: refused('unknown-peer', 'The tab of this id did not acknowledge the frame.'),
} as const;

/** `from`: who asks, if it is registered. Resolves when the other tab has acknowledged the frame, or will not. */
export async function relayFrame(
  request: unknown,
  from: Peer | undefined,
  { directory, holders, params, authority, frameRelay }: FrameContext,
): Promise<Answered<{ readonly relayed: true }>> {
  if (frameRelay === undefined) return refused('bad-request', 'This Discovery node relays no frames.');
  const parsed = v.safeParse(FrameRequest, request);
  if (!parsed.success) return refused('bad-request', `The frame is malformed: ${firstIssue(parsed.issues)}.`);
  if (from === undefined) return NOT_REGISTERED;
  const to = wholeId(parsed.output.to, params.digits);
  const target = to === undefined ? undefined : await directory.peerById(to);
  if (target === undefined || target.nodeId === from.nodeId) return NO_SUCH_TAB;
  const handOn: Frame['handOn'] = (...frame) => holders.frame(target.holder, ...frame);
  const { bytes } = parsed.output;
  const outcome = await frameRelay.relay({ ring: authority.ringKey, from, to: target, bytes, handOn });
  return outcome === 'relayed' ? { answer: { relayed: true } } : REFUSALS[outcome];
}

function wholeId(text: string, digits: number): NodeId | undefined {
  return text.length === digits ? idFromPrefix(text, digits) : undefined;
}
