// The way out of every message: over the link to its receiver, else through whoever carries there, else over a link that is
// asked for first. A message to a node that can be had in none of these ways is counted and lost.

import type { Message } from '../../messages.ts';
import { type Context, count } from '../context.ts';
import type { NodeId } from '../id.ts';

export function send(context: Context, to: NodeId, message: Message): void {
  const { link, carriage } = context.peers.of(to);
  // Whoever was asked to carry has brought no answer; and it is time to try a link again.
  if (carriage.carrier === undefined && !context.unlinkable.has(to, context.now)) carriage.dropCandidates();
  const { hands } = carriage;
  // A relay is never relayed.
  if (link !== 'open' && message.type !== 'relay' && hands.length > 0) {
    for (const carrier of hands) context.emit({ type: 'relay', to, carrier, message });
    return;
  }
  openLink(context, to);
  if (context.peers.of(to).link === 'none') count(context, 'unsent-unreachable');
  else context.emit({ type: 'send', to, message });
}

/** Asks for a link to `to` unless there is one, open or opening, or one has failed a short while ago. */
export function openLink(context: Context, to: NodeId): void {
  const peer = context.peers.of(to);
  if (peer.link !== 'none' || context.unlinkable.has(to, context.now)) return;
  peer.link = 'opening';
  context.emit({ type: 'connect', peer: to });
}
