// Counts what goes over the wire, by kind of message. Acks of lookup traffic are told from other acks by what the
// acknowledging node was handling.

import type { Input } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Host } from './host.ts';
import type { NetworkListener } from './network.ts';

export interface Traffic {
  messages: number;
  bytes: number;
}

export class Metrics implements NetworkListener {
  readonly #trafficByKind = new Map<string, Traffic>();

  sent(_host: Host, _to: NodeId, message: Message, bytes: number, cause: Input): void {
    const kind = kindOf(message, cause);
    const traffic = this.#trafficByKind.get(kind);
    if (traffic === undefined) this.#trafficByKind.set(kind, { messages: 1, bytes });
    else {
      traffic.messages += 1;
      traffic.bytes += bytes;
    }
  }

  /** What was sent so far, by kind; a copy. */
  snapshot(): ReadonlyMap<string, Traffic> {
    return new Map([...this.#trafficByKind].map(([kind, traffic]) => [kind, { ...traffic }]));
  }
}

/** What was sent between two snapshots, by kind. */
export function difference(
  later: ReadonlyMap<string, Traffic>,
  earlier: ReadonlyMap<string, Traffic>,
): Map<string, Traffic> {
  const result = new Map<string, Traffic>();
  for (const [kind, { messages, bytes }] of later) {
    const before = earlier.get(kind) ?? { messages: 0, bytes: 0 };
    if (messages > before.messages) {
      result.set(kind, { messages: messages - before.messages, bytes: bytes - before.bytes });
    }
  }
  return result;
}

/** The sum of the kinds that `isWanted` picks. */
export function total(traffic: ReadonlyMap<string, Traffic>, isWanted: (kind: string) => boolean): Traffic {
  const sum = { messages: 0, bytes: 0 };
  for (const [kind, { messages, bytes }] of traffic) {
    if (!isWanted(kind)) continue;
    sum.messages += messages;
    sum.bytes += bytes;
  }
  return sum;
}

/** The lookups themselves, the searches that check them, and their answers; all else is control traffic, as MSPastry counts it (acks included). */
export function isLookup(kind: string): boolean {
  return kind === 'lookup' || kind === 'found' || kind === 'closest';
}

/** The questions and answers by which a newcomer and its leaves confirm each other. */
export function isLeafSetProbe(kind: string): boolean {
  return kind === 'leaf-set';
}

function kindOf(message: Message, cause: Input): string {
  switch (message.type) {
    case 'routed':
    case 'reply':
      return message.payload.kind;
    case 'ack':
      return cause.type === 'message' && isLookupMessage(cause.message) ? 'ack-of-lookup' : 'ack';
    default:
      return message.type;
  }
}

function isLookupMessage(message: Message): boolean {
  return (message.type === 'routed' || message.type === 'reply') && isLookup(message.payload.kind);
}
