// How this tab stands with the Discovery node, in words: as a state, and as news for the event log. Pure.

import type { RefusalReason } from '../../links/registrar.ts';
import type { DiscoveryStanding } from '../../peer/api.ts';

/** True once there is nothing left to be registered. */
export function hasStopped(state: DiscoveryStanding): boolean {
  return state === 'removed' || state === 'displaced';
}

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

/** Why the Discovery node refuses, and what to do; `message` is what it says itself. Without a full stop. */
export function refusalText(reason: RefusalReason, message: string): string {
  switch (reason) {
    case 'id-taken':
      return 'another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them';
    case 'ring-key-changed':
      return 'it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key';
    case 'version':
      return 'it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew';
    case 'other':
      return message.replace(/\.$/, '');
  }
}
