// What a tab's lease of an identity is, what leasing needs of the world, and what all kinds of leases have in common.

import type { Settings } from '../peer/ports.ts';
import { type Certificate, decodeCertificate, encodeCertificate } from '../trust/certificate.ts';
import type { KeyStore } from '../trust/key-store.ts';
import type { KeySuite, OwnKeys, StoredKeys } from '../trust/key-suite.ts';
import { type IdentityRecord, isStandIn, isWanted } from './identity-book.ts';

/** Locks between the tabs of a profile; freed when their tab ends, however it ends. */
export interface Locks {
  /** Waits at most this long for the lock; returns what frees it, or undefined if another tab has it. */
  take(name: string, waitMs: number): Promise<(() => void) | undefined>;
}

/** Text kept for one tab across reloads, as sessionStorage does. */
export interface SessionNotes {
  get(name: string): string | undefined;
  set(name: string, text: string | undefined): void;
}

export interface IdentityOptions {
  /** Shared by all tabs of the profile. */
  readonly settings: Settings;
  readonly keys: KeyStore;
  readonly suite: KeySuite;
  /** Of new keys, where there are locks. */
  readonly keyKind: StoredKeys['kind'];
  /** Undefined where there are none: on an insecure origin. An identity then lives and ends with its tab. */
  readonly locks: Locks | undefined;
  /** Undefined of a directory, which one process at a time uses: that is who it was last. */
  readonly session: SessionNotes | undefined;
  /** The ring that the tab is about to join. */
  readonly ring: { readonly key: string; readonly digits: number };
  /** An id or hex prefix that the user asked for. */
  readonly wantedId: string | undefined;
  /** Whether the identity of this name has stored files; undefined where there is one identity. */
  readonly ownsFiles?: (name: string) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** This many random bytes as hex. */
  readonly randomHex: (bytes: number) => string;
}

export interface IdentityLease {
  /** Names the profile, and with it the disk that its tabs share. */
  readonly device: string;
  /** Names the identity, and its databases. */
  readonly name: string;
  readonly keys: OwnKeys;
  /** What to ask the Discovery node for; undefined: any id. */
  readonly wantedId: string | undefined;
  /** This ring's certificate for wantedId and the keys, which may have expired; undefined if there is none. */
  readonly certificate: string | undefined;
  /** What this identity was before; undefined of a new one. */
  readonly former: FormerLife | undefined;
  /** To be called with what the Discovery node certified, before the node starts, and with each renewal. Rejects with a PeerError: storage, full. */
  certified(certificate: Certificate): Promise<void>;
  /** Frees the identity for other tabs. Synchronous: the page is going away. */
  release(): void;
}

export interface FormerLife {
  readonly nodeId: string;
  /** kept: the keys are those of then. lost: they are gone, as from a profile that was moved. never: an earlier version had none. */
  readonly keys: 'kept' | 'lost' | 'never';
  /** The user asked for another id than nodeId, which was not given then either. */
  readonly isStandIn: boolean;
}

/** What became of the id that an identity had, or that its user asked for: for words to the user. */
export interface IdentityOutcome {
  /** What the node is now. */
  readonly nodeId: string;
  /** What its user asked for. */
  readonly wantedId: string | undefined;
  readonly former: FormerLife | undefined;
  /** Why the id that was asked for was not given. */
  readonly refusal: 'taken' | 'not-allowed' | undefined;
  /** Blocks that are on its disk. */
  readonly blocks: number;
}

const NAME_BYTES = 16;
/** The settings are locked for a few milliseconds; a tab stopped in that moment must not keep all others from starting. */
const SETTINGS_WAIT_MS = 3_000;

/** A name that no identity of an earlier version has: those were ids. */
export function newName({ randomHex }: IdentityOptions): string {
  return `identity-${randomHex(NAME_BYTES)}`;
}

/** What a lease says of an identity whose former life is `record`. */
export function formerLife({ wantedId }: IdentityOptions, record: IdentityRecord, areKeysHere: boolean): FormerLife {
  const { nodeId, certified } = record;
  const keys = areKeysHere ? 'kept' : certified === undefined ? 'never' : 'lost';
  return { nodeId, keys, isStandIn: wantedId !== undefined && isStandIn(record, wantedId) };
}

/** The record's certificate, if the ring and the keys are those that it is for. */
export function usableCertificate(
  { ring }: IdentityOptions,
  record: IdentityRecord | undefined,
  keys: OwnKeys,
): string | undefined {
  if (record?.certified?.ringKey !== ring.key) return undefined;
  const certificate = decodeCertificate(record.certified.certificate);
  const isUsable = certificate?.nodeId === record.nodeId && certificate.signKey === keys.signKey;
  return isUsable ? record.certified.certificate : undefined;
}

/** The record of an identity whose latest certificate this is. */
export function certifiedRecord(
  { wantedId, ring, now }: IdentityOptions,
  name: string,
  certificate: Certificate,
): IdentityRecord {
  const { nodeId } = certificate;
  const certified = { ringKey: ring.key, certificate: encodeCertificate(certificate) };
  const record = { name, nodeId, certified, usedAt: now() };
  return wantedId === undefined || isWanted(nodeId, wantedId) ? record : { ...record, askedFor: wantedId };
}

/** Undefined if these are no keys, or not of a kind that works here. */
export async function openKeys(
  { suite }: IdentityOptions,
  stored: StoredKeys | undefined,
): Promise<OwnKeys | undefined> {
  if (stored === undefined) return undefined;
  try {
    return await suite.open(stored);
  } catch {
    return undefined; // as good as gone; the identity gets new ones
  }
}

/** Reads and writes the profile's settings while no other tab does. */
export async function exclusively<Result>(
  { locks }: Pick<IdentityOptions, 'locks'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const free = await locks?.take('tabring:identities', SETTINGS_WAIT_MS);
  try {
    return await work();
  } finally {
    free?.();
  }
}
