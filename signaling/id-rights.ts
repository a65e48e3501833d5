// Who gets the id that it asks for. The right to an id is the key that had it: remembered here, or told by a certificate.

import type { NodeId } from '../client/src/core/pastry/id.ts';
import type { IdRecord } from './id-records.ts';

/** What an earlier certificate of the same key says, its signature by the ring's key checked. */
export interface IdClaim {
  readonly nodeId: NodeId;
  readonly epoch: number;
}

/** own: the key had this id before, its latest life in `formerEpoch`. free: nobody has it, and this visitor may choose. */
export type IdRight =
  | { readonly type: 'own' | 'free'; readonly formerEpoch: number }
  | { readonly type: 'refused'; readonly reason: 'taken' | 'not-allowed' };

export interface IdQuestion {
  readonly wantedId: NodeId;
  readonly signKey: string;
  readonly claim: IdClaim | undefined;
  readonly mayChooseId: boolean;
  /** Ids may have owners that are not remembered and have not come back yet. */
  readonly mayBeForgotten: boolean;
  /** Who is registered under the id now. */
  readonly holder: { readonly signKey: string; readonly epoch: number } | undefined;
  /** What is remembered of the id, if the certificate that it is about still runs. */
  readonly record: IdRecord | undefined;
}

export function rightToId(question: IdQuestion): IdRight {
  const { wantedId, signKey, claim, mayChooseId, mayBeForgotten, holder, record } = question;
  const ownClaim = claim?.nodeId === wantedId ? claim : undefined;
  const formerEpoch = Math.max(holder?.epoch ?? 0, record?.epoch ?? 0, ownClaim?.epoch ?? 0);
  const key = holder?.signKey ?? record?.signKey;
  if (key === signKey || (key === undefined && ownClaim !== undefined)) return { type: 'own', formerEpoch };
  // To who may not choose it is not said whether an id is taken.
  if (!mayChooseId && ownClaim === undefined) return { type: 'refused', reason: 'not-allowed' };
  return key === undefined && !mayBeForgotten ? { type: 'free', formerEpoch } : { type: 'refused', reason: 'taken' };
}
