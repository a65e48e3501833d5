// What the page has to tell as a whole, as values: what the words are depends on the language.

import type { RefusalReason } from '../../peer/api.ts';
import type { IdentityOutcome } from '../../stores/identity-lease.ts';
import type { AddressProblem } from './address.ts';

/** What takes its time before the tab is registered. */
export type Wait =
  | { readonly kind: 'away'; readonly message: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly message: string }
  | { readonly kind: 'proving' };

/** What a browser may lack. */
export type Lack = 'webrtc' | 'indexedDb';

/** Why there is no tab. */
export type Failure =
  | { readonly kind: 'lacks'; readonly lacks: readonly Lack[] }
  | { readonly kind: 'error'; readonly error: unknown };

/** What the user should know; of a kind the latest alone. */
export type Notice =
  | AddressProblem
  | { readonly kind: 'insecure'; readonly host: string }
  | { readonly kind: 'identity'; readonly outcome: IdentityOutcome }
  | { readonly kind: 'not-kept'; readonly error: unknown }
  | { readonly kind: 'newer' }
  | { readonly kind: 'part-missing' };
