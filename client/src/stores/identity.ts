// Who a tab is. An identity (node id, secret, epoch, and the databases named after the id) belongs to the browser profile
// and is leased to one tab at a time, so that a tab that was closed or reloaded comes back with what it held.

import type { NodeId } from '../core/pastry/id.ts';
import { PeerError } from '../peer/errors.ts';
import type { Settings } from '../peer/ports.ts';
import {
  candidates,
  type IdentityRecord,
  isIdentityRecord,
  isWanted,
  nextLife,
  parseIdentities,
  withRecord,
} from './identity-book.ts';

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
  /** Undefined where there are none: on an insecure origin. An identity then lives and ends with its tab. */
  readonly locks: Locks | undefined;
  readonly session: SessionNotes;
  /** An id or hex prefix that the user asked for. */
  readonly wantedId: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** This many random bytes as hex. */
  readonly randomHex: (bytes: number) => string;
}

export interface IdentityLease {
  /** Names the profile, and with it the disk that its tabs share. */
  readonly device: string;
  /** What to ask the Discovery node for; undefined: any id. */
  readonly wantedId: string | undefined;
  /** Proves that wantedId was this profile's before; undefined if it was not. */
  readonly secret: string | undefined;
  /**
   * To be called once, with what the Discovery node assigned, before the node starts: begins a life of this id.
   * Rejects with a PeerError: bad-id, if another tab of the profile still has the id in use.
   */
  settle(nodeId: NodeId, secret: string): Promise<{ readonly epoch: number }>;
  /** Frees the identity for other tabs. Synchronous: the page is going away. */
  release(): void;
}

const DEVICE = 'device';
const DEVICE_BYTES = 16;
const IDENTITIES = 'identities';
/** The tab's own note: with locks its node id, without them its whole identity. */
const NOTE = 'tabring:identity';
/** A reloaded tab's own lock is freed within some milliseconds of the end of its former page; a duplicated tab waits in vain. */
const RELOAD_WAIT_MS = 1_000;
/** The settings are locked for a few milliseconds; a tab stopped in that moment must not keep all others from starting. */
const SETTINGS_WAIT_MS = 3_000;

export async function leaseIdentity(options: IdentityOptions): Promise<IdentityLease> {
  const device = await exclusively(options, () => deviceId(options));
  return options.locks === undefined
    ? new SessionLease(options, device)
    : LockedLease.take(options, options.locks, device);
}

class LockedLease implements IdentityLease {
  readonly device: string;
  readonly #options: IdentityOptions;
  readonly #locks: Locks;
  readonly #record: IdentityRecord | undefined;
  #free: (() => void) | undefined;

  private constructor(
    options: IdentityOptions,
    locks: Locks,
    device: string,
    taken: { readonly record: IdentityRecord; readonly free: () => void } | undefined,
  ) {
    this.#options = options;
    this.#locks = locks;
    this.device = device;
    this.#record = taken?.record;
    this.#free = taken?.free;
  }

  /** Takes the best identity that no other tab has. */
  static async take(options: IdentityOptions, locks: Locks, device: string): Promise<LockedLease> {
    const records = parseIdentities(await options.settings.get(IDENTITIES));
    const former = options.session.get(NOTE);
    for (const record of candidates(records, options.wantedId, former)) {
      const free = await locks.take(lockName(record.nodeId), record.nodeId === former ? RELOAD_WAIT_MS : 0);
      if (free !== undefined) return new LockedLease(options, locks, device, { record, free });
    }
    return new LockedLease(options, locks, device, undefined);
  }

  get wantedId(): string | undefined {
    return this.#record?.nodeId ?? this.#options.wantedId;
  }

  get secret(): string | undefined {
    return this.#record?.secret;
  }

  async settle(nodeId: NodeId, secret: string): Promise<{ readonly epoch: number }> {
    if (nodeId !== this.#record?.nodeId) {
      this.release();
      this.#free = await this.#locks.take(lockName(nodeId), 0);
      if (this.#free === undefined) {
        throw new PeerError(
          'bad-id',
          `Another tab of this browser still uses the id ${nodeId}. Close it and try again.`,
        );
      }
    }
    const { settings, session, now } = this.#options;
    session.set(NOTE, nodeId);
    return exclusively(this.#options, async () => {
      const records = parseIdentities(await settings.get(IDENTITIES));
      const former = records.find((record) => record.nodeId === nodeId);
      const record = nextLife(former, nodeId, secret, now());
      await settings.set(IDENTITIES, withRecord(records, record));
      return { epoch: record.epoch };
    });
  }

  release(): void {
    this.#free?.();
    this.#free = undefined;
  }
}

/**
 * Without locks nobody knows which identities are in use, so a tab has its own, in its session. It is taken out while in
 * use and put back at the end of the page, since a duplicated tab starts with a copy of the session.
 */
class SessionLease implements IdentityLease {
  readonly device: string;
  readonly #options: IdentityOptions;
  #record: IdentityRecord | undefined;

  constructor(options: IdentityOptions, device: string) {
    this.#options = options;
    this.device = device;
    const note = parseJson(options.session.get(NOTE));
    options.session.set(NOTE, undefined);
    if (!isIdentityRecord(note)) return;
    if (options.wantedId === undefined || isWanted(note.nodeId, options.wantedId)) this.#record = note;
  }

  get wantedId(): string | undefined {
    return this.#record?.nodeId ?? this.#options.wantedId;
  }

  get secret(): string | undefined {
    return this.#record?.secret;
  }

  async settle(nodeId: NodeId, secret: string): Promise<{ readonly epoch: number }> {
    const former = this.#record?.nodeId === nodeId ? this.#record : undefined;
    this.#record = nextLife(former, nodeId, secret, this.#options.now());
    return { epoch: this.#record.epoch };
  }

  release(): void {
    if (this.#record !== undefined) this.#options.session.set(NOTE, JSON.stringify(this.#record));
  }
}

function lockName(nodeId: string): string {
  return `tabring:identity:${nodeId}`;
}

async function deviceId({ settings, randomHex }: IdentityOptions): Promise<string> {
  const known = await settings.get(DEVICE);
  if (typeof known === 'string' && /^[0-9a-f]{32}$/.test(known)) return known;
  const device = randomHex(DEVICE_BYTES);
  await settings.set(DEVICE, device);
  return device;
}

/** Reads and writes the profile's settings while no other tab does. */
async function exclusively<Result>({ locks }: IdentityOptions, work: () => Promise<Result>): Promise<Result> {
  const free = await locks?.take('tabring:identities', SETTINGS_WAIT_MS);
  try {
    return await work();
  } finally {
    free?.();
  }
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no identity
  }
}
