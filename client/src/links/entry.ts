// What a closed ring's Discovery node wants of a registration: a proof that its password, or an invitation, is known.

import type { Hello } from '../../../signaling/protocol.ts';
import { PeerError } from '../peer/errors.ts';
import type { Entry, EntryAttempt } from '../trust/ring-entry.ts';
import { entryStatement } from '../trust/statement.ts';

/** Undefined: the ring is open. Rejects with a PeerError: ring-closed, where nothing opens it. */
export async function proveEntry(
  entry: Entry | undefined,
  { entry: terms, ringKey, challenge }: Hello,
  signKey: string,
  mayAsk: boolean,
): Promise<EntryAttempt | undefined> {
  if (terms === undefined) return undefined;
  if (entry === undefined)
    throw new PeerError('ring-closed', 'This ring is closed, and this program asks for no password.');
  return entry.prove(terms, entryStatement(ringKey, challenge, signKey), mayAsk);
}
