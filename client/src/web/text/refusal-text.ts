// What the page has to know and say of the Discovery node before a tab runs. Pure; the rest is in discovery-text.ts, which comes later.

import type { RefusalReason } from '../../links/registrar.ts';
import type { DiscoveryStanding } from '../../peer/api.ts';

/** True once there is nothing left to be registered. */
export function hasStopped(state: DiscoveryStanding): boolean {
  return state === 'removed' || state === 'displaced';
}

/** Why the Discovery node refuses, and what to do; `message` is what it says itself. Without a full stop. */
export function refusalText(reason: RefusalReason, message: string): string {
  switch (reason) {
    case 'id-taken':
      return 'another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them';
    case 'ring-key-changed':
      return 'it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key';
    case 'ring-closed':
      return 'the ring’s password was changed, or this tab’s invitation taken back. Reload the page to enter the new one; until then the tab goes on in the ring';
    case 'version':
      return 'it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew';
    case 'other':
      return message.replace(/\.$/, '');
  }
}
