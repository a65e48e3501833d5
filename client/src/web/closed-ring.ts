// The way into a closed ring, of which an open one needs nothing: loaded when it is wanted. An invitation in the address comes
// first; then whoever sits before the page is asked for the password.

import { profileSettings } from '../stores/browser-identity.ts';
import { RingEntries } from '../stores/ring-entries.ts';
import type { Entry } from '../trust/ring-entry.ts';
import { enteredSecret } from './text/entered-secret.ts';
import { ClosedView } from './view/closed-view.tsx';
import type { Phase } from './view/page.tsx';

/** `url`: of the ring. `show`: draws the door, and what follows. */
export function closedRing(url: string, invitation: string | undefined, show: (phase: Phase) => void): Entry {
  let first = invitation;
  return new RingEntries(profileSettings(url), url, async (problem) => {
    const given = first;
    first = undefined;
    if (given !== undefined) return given;
    const secret = await new Promise<string>((enter) => {
      show({ state: 'closed', draw: ClosedView, problem, enter });
    });
    show({ state: 'starting', wait: { kind: 'proving' } });
    return enteredSecret(secret);
  });
}
