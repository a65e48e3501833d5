// The identities of a browser profile, as values: which of them a new tab may come back as, and in which life. Pure.

/** One node that this profile has been. */
export interface IdentityRecord {
  readonly nodeId: string;
  /** Proves to the Discovery node that the id was this profile's. */
  readonly secret: string;
  /** Of its latest life. */
  readonly epoch: number;
  /** When that began, milliseconds since 1970. */
  readonly usedAt: number;
}

/** A profile has as many as it ever had tabs open at once, and the ids its user asked for; the longest unused go first. */
export const MAX_IDENTITIES = 256;

/** What of a stored value is usable; anything may have been written there. */
export function parseIdentities(value: unknown): readonly IdentityRecord[] {
  return Array.isArray(value) ? value.filter(isIdentityRecord).slice(0, MAX_IDENTITIES) : [];
}

export function isIdentityRecord(value: unknown): value is IdentityRecord {
  if (typeof value !== 'object' || value === null) return false;
  if (!('nodeId' in value && 'secret' in value && 'epoch' in value && 'usedAt' in value)) return false;
  const { nodeId, secret, epoch, usedAt } = value;
  return (
    typeof nodeId === 'string' &&
    /^[0-9a-f]{1,64}$/.test(nodeId) &&
    typeof secret === 'string' &&
    /^[0-9a-f]{32}$/.test(secret) &&
    Number.isSafeInteger(epoch) &&
    typeof usedAt === 'number'
  );
}

/** True if `wantedId`, an id or a hex prefix that the ring pads with zeros, names this node. */
export function isWanted(nodeId: string, wantedId: string): boolean {
  return wantedId.toLowerCase().padEnd(nodeId.length, '0') === nodeId;
}

/**
 * Whom a tab may come back as, the best first: only what was asked for, if something was; else who this very tab was
 * before it was reloaded, then the latest used, which has lost least of its place in the ring.
 */
export function candidates(
  records: readonly IdentityRecord[],
  wantedId: string | undefined,
  formerNodeId: string | undefined,
): readonly IdentityRecord[] {
  if (wantedId !== undefined) return records.filter(({ nodeId }) => isWanted(nodeId, wantedId));
  const isFormer = ({ nodeId }: IdentityRecord) => nodeId === formerNodeId;
  return records.toSorted((a, b) => Number(isFormer(b)) - Number(isFormer(a)) || b.usedAt - a.usedAt);
}

/**
 * The record of a node's new life. The first epoch is the time in seconds: should the profile's storage be lost and the
 * same id be asked for again, the node is still newer than all its former lives.
 */
export function nextLife(
  former: IdentityRecord | undefined,
  nodeId: string,
  secret: string,
  nowMs: number,
): IdentityRecord {
  return { nodeId, secret, epoch: former === undefined ? Math.floor(nowMs / 1000) : former.epoch + 1, usedAt: nowMs };
}

/** The records with this one in the place of its former life. */
export function withRecord(records: readonly IdentityRecord[], record: IdentityRecord): readonly IdentityRecord[] {
  const others = records.filter(({ nodeId }) => nodeId !== record.nodeId);
  return [record, ...others.toSorted((a, b) => b.usedAt - a.usedAt)].slice(0, MAX_IDENTITIES);
}
