// What no correct node sends, as far as a message and its sender's certificate show: words about itself that its
// certificate denies, routes that it is not on, and of a client whatever would make it a member of the ring.

import type { Message } from '../core/messages.ts';
import type { Routed } from '../core/pastry/messages.ts';
import type { NodeHandle } from '../core/pastry/node-handle.ts';
import type { Speaker } from './speaker.ts';

/** What a client says: its own questions, answers to signals, what it stores, what it deletes and whom it asks for blocks. */
const MESSAGES_OF_CLIENTS: ReadonlySet<Message['type']> = new Set<Message['type']>([
  'routed',
  'reply',
  'ack',
  'offer',
  'refuse',
  'bad-copy',
  'records?',
  'holds?',
  'leases',
]);

/** For people: what is wrong with a message of this speaker's; undefined if nothing is. */
export function faultOf(message: Message, speaker: Speaker): string | undefined {
  const isClient = speaker.certificate.role === 'client';
  if (isClient && !MESSAGES_OF_CLIENTS.has(message.type)) return `a client that speaks as a member: ${message.type}`;
  if ('self' in message) return handleFault(message.self, speaker);
  if (message.type === 'routed') return routeFault(message, speaker, isClient);
  if (message.type === 'reply' && isClient && message.payload.kind !== 'signal')
    return 'a client that answers for the ring';
  return undefined;
}

function handleFault(handle: NodeHandle, { peer, certificate }: Speaker): string | undefined {
  if (handle.nodeId !== peer) return 'words in the name of another node';
  if (handle.epoch !== certificate.epoch) return 'words of a life that is not the certified one';
  if (handle.device !== certificate.device) return 'words of a device that is not the certified one';
  return undefined;
}

function routeFault({ route, payload }: Routed, speaker: Speaker, isClient: boolean): string | undefined {
  if (route.at(-1) !== speaker.peer) return 'a route that does not end with its sender';
  if (isClient && route.length > 1) return 'a client that carries messages of others';
  if (payload.kind !== 'join') return undefined;
  if (isClient) return 'a client that would join';
  // Further on the way nobody can tell; the newcomer shows its certificate to each node that it asks then.
  return route.length === 1 ? handleFault(payload.joiner, speaker) : undefined;
}
