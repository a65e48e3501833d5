// Everything one node's core may say to another's. Schemas and encoding are in wire/.

import type { PastMessage } from './past/messages.ts';
import type { PastryMessage } from './pastry/messages.ts';

export type Message = PastryMessage | PastMessage;

const PAST_MESSAGES: ReadonlySet<string> = new Set([
  'offer',
  'holding',
  'refuse',
  'copies',
  'prove',
  'proof',
  'lost',
  'bad-copy',
  'holds?',
  'holds',
  'records?',
  'records',
  'leases',
  'leased',
  'clock?',
  'clock',
  'room?',
  'room',
  'divert',
  'diverted',
  'ranges',
  'ranges-differ',
  'beyond?',
  'beyond',
]);

export function isPastMessage(message: Message): message is PastMessage {
  return PAST_MESSAGES.has(message.type);
}
