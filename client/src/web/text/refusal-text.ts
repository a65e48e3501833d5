// Why the Discovery node refuses a tab, and whether there is anything left to be refused.

import type { DiscoveryStanding, RefusalReason } from '../../peer/api.ts';

/** True once there is nothing left to be registered. */
export function hasStopped(state: DiscoveryStanding): boolean {
  return state === 'removed' || state === 'displaced';
}

/** `refusals`: in the language that is wanted; `message`: what the Discovery node says itself. Without a full stop. */
export function refusalText(
  reason: RefusalReason,
  message: string,
  refusals: Readonly<Record<Exclude<RefusalReason, 'other'>, string>>,
): string {
  return reason === 'other' ? message.replace(/\.$/, '') : refusals[reason];
}
