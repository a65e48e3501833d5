// How this tab stands with the Discovery node, in words: as a state, and as news for the event log. Pure.

import type { DiscoveryStanding } from '../../peer/api.ts';

/** A line without a full stop. */
export function standingText(state: DiscoveryStanding, message: string): string {
  const detail = message === '' ? '' : `: ${message}`;
  switch (state) {
    case 'registered':
      return 'Registered with the Discovery node';
    case 'away':
      return 'Discovery node away: the ring goes on without it';
    case 'refused':
      return `The Discovery node does not register this tab now${detail}`;
    case 'expired':
      return 'Discovery node away for so long that this tab’s certificate has run out: open links go on, but tabs that it meets now refuse it until the Discovery node is back';
    case 'removed':
      return `Removed by the Discovery node${detail}`;
    case 'displaced':
      return 'Stopped: this tab’s identity is open in another tab, which goes on with it';
  }
}

/** The same for who never heard of a Discovery node. */
export function serverText(state: DiscoveryStanding, message: string): string {
  return plainText(standingText(state, message));
}

/** Of a Discovery node, as of the server that it is to who never heard of one. */
export function plainText(text: string): string {
  return text.replace(/^Discovery node/, 'Server').replaceAll('Discovery node', 'server');
}

/** Sentences. */
export function standingNews(state: DiscoveryStanding, message: string): string {
  const detail = message === '' ? '' : ` ${message}`;
  switch (state) {
    case 'registered':
      return `Registered with the Discovery node.${detail}`;
    case 'away':
      return `The Discovery node is away; the ring goes on without it.${detail}`;
    case 'removed':
      return `The Discovery node removed this tab.${detail}`;
    case 'refused':
    case 'expired':
    case 'displaced':
      return `${standingText(state, message)}.`;
  }
}
