// The identities of a browser profile or a peer's directory, as values: which of them a new tab may come back as. Pure.

import * as v from 'valibot';
import { MAX_CERTIFICATE_CHARACTERS } from '../trust/certificate.ts';

const recordSchema = v.object({
  /** Of its keys and databases, for good, whichever id it has. Earlier versions knew none: there it is the id. */
  name: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-z-]{1,80}$/))),
  /** The node that it was last. */
  nodeId: v.pipe(v.string(), v.regex(/^[0-9a-f]{1,64}$/)),
  /** The latest certificate and the public key of the ring that gave it; earlier versions had none. */
  certified: v.exactOptional(
    v.object({ ringKey: v.string(), certificate: v.pipe(v.string(), v.maxLength(MAX_CERTIFICATE_CHARACTERS)) }),
  ),
  /** The id or prefix that its tab had asked for, if it was given another. */
  askedFor: v.exactOptional(v.string()),
  /** When its latest life began, milliseconds since 1970. */
  usedAt: v.number(),
});

/** One node that this profile has been. */
export type IdentityRecord = v.InferOutput<typeof recordSchema> & { readonly name: string };

/** A profile has as many as it ever had tabs open at once, and the ids its user asked for; the longest unused go first. */
export const MAX_IDENTITIES = 256;

/** What of a stored value is usable; anything may have been written there. */
export function parseIdentities(value: unknown): readonly IdentityRecord[] {
  return Array.isArray(value) ? value.flatMap((each) => parseIdentity(each) ?? []).slice(0, MAX_IDENTITIES) : [];
}

/** Also of an earlier version's: its secret is left out, and its epoch, which the certificate names now. */
export function parseIdentity(value: unknown): IdentityRecord | undefined {
  const result = v.safeParse(recordSchema, value);
  return result.success ? { ...result.output, name: result.output.name ?? result.output.nodeId } : undefined;
}

/** True if `wantedId`, an id or a hex prefix that the ring pads with zeros, names this node. */
export function isWanted(nodeId: string, wantedId: string): boolean {
  return wantedId.toLowerCase().padEnd(nodeId.length, '0') === nodeId;
}

export interface Wish {
  /** Digits of the ring's ids: what a node of another ring held has no place here. */
  readonly digits: number;
  /** What the user asked for. */
  readonly wantedId: string | undefined;
  /** Who this very tab was before it was reloaded. */
  readonly formerName: string | undefined;
  /** Names of those that have stored files and keep them on. */
  readonly owners: ReadonlySet<string>;
}

/**
 * Whom a tab may come back as, the best first: only what was asked for, if something was, or what this tab was given in its
 * stead; else who it was before it was reloaded, then who has files of its own, whose user looks for them, then the latest used,
 * which has lost least of its place in the ring.
 */
export function candidates(records: readonly IdentityRecord[], wish: Wish): readonly IdentityRecord[] {
  const { digits, wantedId, formerName, owners } = wish;
  const isFormer = ({ name }: IdentityRecord) => name === formerName;
  const ofThisRing = records.filter(({ nodeId }) => nodeId.length === digits);
  if (wantedId === undefined) {
    const rank = (record: IdentityRecord): number => (isFormer(record) ? 2 : Number(owners.has(record.name)));
    return ofThisRing.toSorted((a, b) => rank(b) - rank(a) || b.usedAt - a.usedAt);
  }
  const wanted = ofThisRing.filter(({ nodeId }) => isWanted(nodeId, wantedId));
  return [...wanted, ...ofThisRing.filter((record) => isFormer(record) && isStandIn(record, wantedId))];
}

/** True of an identity whose tab was given another id than this one, which it had asked for. */
export function isStandIn({ nodeId, askedFor }: IdentityRecord, wantedId: string): boolean {
  return askedFor === wantedId && !isWanted(nodeId, wantedId);
}

/** The records with this one in the place of its former life. */
export function withRecord(records: readonly IdentityRecord[], record: IdentityRecord): readonly IdentityRecord[] {
  const others = records.filter(({ name }) => name !== record.name);
  return [record, ...others.toSorted((a, b) => b.usedAt - a.usedAt)].slice(0, MAX_IDENTITIES);
}
