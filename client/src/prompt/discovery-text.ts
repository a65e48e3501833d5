// How a node stands with the Discovery node, in one line.

import type { PeerEvent } from '../peer/api.ts';

/** Undefined if there is nothing to say: the node is registered, as usual. */
export function discoveryLine({ state, message }: Extract<PeerEvent, { type: 'discovery' }>): string | undefined {
  const reason = message === '' ? '' : `: ${message}`;
  switch (state) {
    case 'registered':
      return message === '' ? undefined : `registered with the Discovery node${reason}`;
    case 'away':
      return `the Discovery node is away${reason}`;
    case 'refused':
      return `the Discovery node does not register this node now${reason}`;
    case 'expired':
      return 'this node’s certificate has run out while the Discovery node gives no other: the ring goes on, but nodes that can reach the Discovery node refuse this one';
    case 'removed':
      return `removed by the Discovery node${reason}`;
    case 'displaced':
      return 'stopped: this node’s identity has been opened elsewhere, and goes on there';
  }
}
