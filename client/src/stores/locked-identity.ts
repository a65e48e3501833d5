// Identities of a profile whose tabs can lock them: one pool for all tabs, their keys in a store of their own.

import type { Certificate } from '../trust/certificate.ts';
import type { OwnKeys } from '../trust/key-suite.ts';
import { candidates, type IdentityRecord, parseIdentities, withRecord } from './identity-book.ts';
import {
  certifiedRecord,
  exclusively,
  type FormerLife,
  formerLife,
  type IdentityLease,
  type IdentityOptions,
  type Locks,
  newName,
  openKeys,
  usableCertificate,
} from './identity-lease.ts';

const IDENTITIES = 'identities';
/** The tab's own note: the name of its identity. */
const NOTE = 'tabring:identity';
/** A reloaded tab's own lock is freed within some milliseconds of the end of its former page; a duplicated tab waits in vain. */
const RELOAD_WAIT_MS = 1_000;

/** Each has a database of its own, which takes milliseconds to open. */
const MOST_LOOKED_AT = 16;

interface Taken {
  readonly name: string;
  readonly record: IdentityRecord | undefined;
  readonly free: () => void;
}

export class LockedLease implements IdentityLease {
  readonly device: string;
  readonly name: string;
  readonly keys: OwnKeys;
  readonly certificate: string | undefined;
  readonly former: FormerLife | undefined;
  readonly #options: IdentityOptions;
  readonly #locks: Locks;
  #free: (() => void) | undefined;
  #isSwept = false;

  private constructor(
    options: IdentityOptions,
    locks: Locks,
    device: string,
    { name, record, free }: Taken,
    { keys, areNew }: { readonly keys: OwnKeys; readonly areNew: boolean },
  ) {
    this.#options = options;
    this.#locks = locks;
    this.#free = free;
    this.device = device;
    this.name = name;
    this.keys = keys;
    this.certificate = usableCertificate(options, record, keys);
    this.former = record === undefined ? undefined : formerLife(options, record, !areNew);
  }

  /** Takes the best identity that no other tab has, or makes one. */
  static async take(options: IdentityOptions, locks: Locks, device: string): Promise<LockedLease> {
    const taken = (await takeKnown(options, locks)) ?? (await takeNew(options, locks));
    try {
      return new LockedLease(options, locks, device, taken, await ownKeys(options, taken.name));
    } catch (error) {
      taken.free();
      throw error;
    }
  }

  get wantedId(): string | undefined {
    return this.former?.nodeId ?? this.#options.wantedId;
  }

  async certified(certificate: Certificate): Promise<void> {
    const { settings, session } = this.#options;
    const record = certifiedRecord(this.#options, this.name, certificate);
    session?.set(NOTE, this.name);
    const records = await exclusively(this.#options, async () => {
      const all = withRecord(parseIdentities(await settings.get(IDENTITIES)), record);
      await settings.set(IDENTITIES, all);
      return all;
    });
    if (!this.#isSwept) await this.#sweep(new Set(records.map(({ name }) => name)));
    this.#isSwept = true;
  }

  release(): void {
    this.#free?.();
    this.#free = undefined;
  }

  /** Keys of identities that are no longer in the book, or that were closed before they had an id, prove nothing any more. */
  async #sweep(names: ReadonlySet<string>): Promise<void> {
    const { keys } = this.#options;
    for (const name of await keys.names()) {
      if (names.has(name)) continue;
      const free = await this.#locks.take(lockName(name), 0);
      if (free === undefined) continue; // a tab that is just registering
      await keys.delete(name);
      free();
    }
  }
}

async function takeKnown(options: IdentityOptions, locks: Locks): Promise<Taken | undefined> {
  const { settings, session, ring, wantedId } = options;
  const records = parseIdentities(await settings.get(IDENTITIES));
  // The latest is the first in the book.
  const formerName = session === undefined ? records[0]?.name : session.get(NOTE);
  const isFormer = records.some(({ name }) => name === formerName);
  const owners = wantedId === undefined && !isFormer ? await ownersAmong(records, options) : new Set<string>();
  for (const record of candidates(records, { digits: ring.digits, wantedId, formerName, owners })) {
    const { name } = record;
    const free = await locks.take(lockName(name), name === formerName ? RELOAD_WAIT_MS : 0);
    if (free !== undefined) return { name, record, free };
  }
  return undefined;
}

/** Of the latest used, where there is a choice. */
async function ownersAmong(
  records: readonly IdentityRecord[],
  { ownsFiles }: IdentityOptions,
): Promise<ReadonlySet<string>> {
  if (ownsFiles === undefined || records.length < 2) return new Set();
  const latest = records.slice(0, MOST_LOOKED_AT);
  const own = await Promise.all(latest.map(({ name }) => ownsFiles(name).catch(() => false)));
  return new Set(latest.filter((_, index) => own[index] === true).map(({ name }) => name));
}

async function takeNew(options: IdentityOptions, locks: Locks): Promise<Taken> {
  const name = newName(options);
  const free = await locks.take(lockName(name), 0);
  if (free === undefined) throw new Error(`${name} is not random`);
  return { name, record: undefined, free };
}

/** The identity's keys; new ones are kept before anybody is told of them. */
async function ownKeys(
  options: IdentityOptions,
  name: string,
): Promise<{ readonly keys: OwnKeys; readonly areNew: boolean }> {
  const known = await openKeys(options, await options.keys.get(name));
  if (known !== undefined) return { keys: known, areNew: false };
  const keys = await options.suite.create(options.keyKind);
  await options.keys.set(name, keys.stored);
  return { keys, areNew: true };
}

function lockName(name: string): string {
  return `tabring:identity:${name}`;
}
