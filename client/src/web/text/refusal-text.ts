// Why the Discovery node refuses a tab, in English for its console; and whether there is anything left to be refused.

import type { DiscoveryStanding, RefusalReason } from '../../peer/api.ts';

/** True once there is nothing left to be registered. */
export function hasStopped(state: DiscoveryStanding): boolean {
  return state === 'removed' || state === 'displaced';
}

/** With what to do. Without a full stop. */
export const REFUSALS: Readonly<Record<Exclude<RefusalReason, 'other'>, string>> = {
  'id-taken':
    'another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them',
  'ring-key-changed':
    'it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key',
  'ring-closed':
    'the ring’s password was changed, or this tab’s invitation taken back. Reload the page to enter the new one; until then the tab goes on in the ring',
  version:
    'it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew',
};

/** `refusals`: in the language that is wanted; `message`: what the Discovery node says itself. Without a full stop. */
export function refusalText(reason: RefusalReason, message: string, refusals = REFUSALS): string {
  return reason === 'other' ? message.replace(/\.$/, '') : refusals[reason];
}
