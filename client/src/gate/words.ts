// Words that travel: statements that somebody signs and that others pass on. Each kind knows what in a message is this
// node's own to sign on the way out, and what is to be proved on the way in; the gate asks by the message's type.

import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Soon } from './soon.ts';
import type { Speaker } from './speaker.ts';

export interface Words {
  /** A message of this node's with what is its own in it signed; undefined if it must not leave. `to`: the next node. */
  signed(message: Message, to: NodeId): Soon<Message | undefined>;
  /** A message with what is proved in it; undefined if nothing of it counts. What was false in it has been counted. */
  proved(message: Message, speaker: Speaker): Soon<Message | undefined>;
}
