// Who is registered at the Discovery node: unique ids, secrets that prove them, and whom a newcomer should contact.
// Pure: time and randomness are handed in. To tabs it names one random peer at a time and never lists the members, so that
// routing has to use the overlay; the list is for the operator.

import { type Id, isId } from '../client/src/core/pastry/id.ts';
import { FRESH_MS, MAX_PEERS, SEEKING_MS } from './limits.ts';
import type { Random } from './random.ts';

/** Hex characters in a registration secret: 128 bits. */
const SECRET_CHARACTERS = 32;

export interface Peer {
  readonly nodeId: Id;
  /** Known to the tab alone; proves that the same tab is back. */
  readonly secret: string;
  readonly device: string;
  /** Network address, for the bound on tabs of one address. */
  readonly address: string;
  /** The socket that holds this registration. */
  readonly holder: string;
}

export interface RegistrationWish {
  readonly wantedId: Id | undefined;
  readonly secret: string | undefined;
  readonly device: string;
  readonly address: string;
  readonly holder: string;
}

export type RegistrationOutcome =
  | {
      readonly type: 'registered';
      readonly peer: Peer;
      /** False if another live tab has the wanted id, so that another id was assigned. */
      readonly wantedIdGranted: boolean;
      readonly sponsor: Id | undefined;
      /** The socket that held this id until now, of the same tab. */
      readonly displaced: string | undefined;
    }
  | { readonly type: 'full'; readonly reason: 'peers' | 'address' | 'ids' };

/** A registration as the operator sees it. */
export interface Listed extends Pick<Peer, 'nodeId' | 'device' | 'address'> {
  /** Milliseconds on the directory's clock. */
  readonly registeredAt: number;
  readonly lastSeen: number;
}

interface Entry extends Peer {
  /** Registrations are numbered: an earlier one has a lower number. */
  readonly order: number;
  /** When the tab came, milliseconds. */
  readonly registeredAt: number;
  /** When the tab last gave a sign of life, milliseconds. */
  lastSeen: number;
  /** When the tab last was sent to a sponsor, milliseconds; undefined: it founds a ring, or was in one already. */
  soughtAt: number | undefined;
}

export class Directory {
  readonly #digits: number;
  readonly #maxPeersPerAddress: number;
  readonly #random: Random;
  /** In order of registration. */
  readonly #entryById = new Map<Id, Entry>();
  readonly #entryByHolder = new Map<string, Entry>();
  readonly #countByAddress = new Map<string, number>();
  #nextOrder = 0;

  constructor(options: { readonly digits: number; readonly maxPeersPerAddress: number; readonly random: Random }) {
    this.#digits = options.digits;
    this.#maxPeersPerAddress = options.maxPeersPerAddress;
    this.#random = options.random;
  }

  get size(): number {
    return this.#entryById.size;
  }

  peerById(nodeId: Id): Peer | undefined {
    return this.#entryById.get(nodeId);
  }

  peerByHolder(holder: string): Peer | undefined {
    return this.#entryByHolder.get(holder);
  }

  /** All who are registered, by id. For the operator, never for tabs. */
  list(): readonly Listed[] {
    return [...this.#entryById.values()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  /** Registers a tab whose socket holds no registration yet. A wanted id that is free, or proved by its secret, is granted. */
  register(wish: RegistrationWish, now: number): RegistrationOutcome {
    const owner = wish.wantedId === undefined ? undefined : this.#entryById.get(wish.wantedId);
    if (owner !== undefined && owner.secret === wish.secret) return this.#displace(owner, wish, now);
    if (this.size >= MAX_PEERS) return { type: 'full', reason: 'peers' };
    if (this.#countFrom(wish.address) >= this.#maxPeersPerAddress) return { type: 'full', reason: 'address' };
    const granted = wish.wantedId !== undefined && owner === undefined;
    const nodeId = granted ? wish.wantedId : this.#freeId();
    if (nodeId === undefined) return { type: 'full', reason: 'ids' };
    // A tab that presents a secret was here before this directory was, or before its socket broke. It keeps the secret,
    // so that it can still prove its id if this answer never reaches it.
    const isBack = granted && wish.secret !== undefined;
    const sponsor = this.#randomId([...this.#entryById.values()], now);
    const entry: Entry = {
      nodeId,
      secret: isBack && wish.secret !== undefined ? wish.secret : this.#random.hex(SECRET_CHARACTERS),
      device: wish.device,
      address: wish.address,
      holder: wish.holder,
      order: this.#nextOrder,
      registeredAt: now,
      lastSeen: now,
      soughtAt: isBack || sponsor === undefined ? undefined : now,
    };
    this.#nextOrder += 1;
    this.#add(entry);
    const wantedIdGranted = granted || wish.wantedId === undefined;
    return { type: 'registered', peer: entry, wantedIdGranted, sponsor, displaced: undefined };
  }

  /** Removes the registration that `holder` has. Undefined if it has none (any more). */
  remove(holder: string): Peer | undefined {
    const entry = this.#entryByHolder.get(holder);
    if (entry === undefined) return undefined;
    this.#entryByHolder.delete(holder);
    this.#entryById.delete(entry.nodeId);
    const left = this.#countFrom(entry.address) - 1;
    if (left === 0) this.#countByAddress.delete(entry.address);
    else this.#countByAddress.set(entry.address, left);
    return entry;
  }

  /** The tab behind `holder` gave a sign of life. */
  seen(holder: string, now: number): void {
    const entry = this.#entryByHolder.get(holder);
    if (entry !== undefined) entry.lastSeen = now;
  }

  /**
   * One random peer for a tab that asks again: its join failed, or it wants to know whether its ring has split.
   * Tabs that may still be joining cannot sponsor, so the others come first. If all may be joining (the founder died
   * before anybody had joined) only earlier ones are named and the earliest gets none: exactly one founds the ring.
   */
  sponsorFor(holder: string, now: number): Id | undefined {
    const asker = this.#entryByHolder.get(holder);
    if (asker === undefined) return undefined;
    const others = [...this.#entryById.values()].filter((entry) => entry !== asker);
    const settled = others.filter((entry) => entry.soughtAt === undefined || now - entry.soughtAt > SEEKING_MS);
    const sponsor =
      this.#randomId(settled, now) ??
      this.#randomId(
        others.filter((entry) => entry.order < asker.order),
        now,
      );
    asker.soughtAt = sponsor === undefined ? undefined : now;
    return sponsor;
  }

  /** The tab of `owner` is back on another socket, which takes the registration over. */
  #displace(owner: Entry, wish: RegistrationWish, now: number): RegistrationOutcome {
    this.remove(owner.holder);
    const { device, address, holder } = wish;
    const peer: Entry = { ...owner, device, address, holder, lastSeen: now };
    const sponsor = this.#randomId([...this.#entryById.values()], now);
    this.#add(peer);
    return { type: 'registered', peer, wantedIdGranted: true, sponsor, displaced: owner.holder };
  }

  #add(entry: Entry): void {
    this.#entryById.set(entry.nodeId, entry);
    this.#entryByHolder.set(entry.holder, entry);
    this.#countByAddress.set(entry.address, this.#countFrom(entry.address) + 1);
  }

  #countFrom(address: string): number {
    return this.#countByAddress.get(address) ?? 0;
  }

  /** One of `entries`, each as likely; one heard of lately if there is any. */
  #randomId(entries: readonly Entry[], now: number): Id | undefined {
    const fresh = entries.filter((entry) => now - entry.lastSeen <= FRESH_MS);
    const candidates = fresh.length > 0 ? fresh : entries;
    return candidates.length === 0 ? undefined : candidates[this.#random.below(candidates.length)]?.nodeId;
  }

  /** A random id, or the next free one above it; undefined if all ids of a small ring are taken. */
  #freeId(): Id | undefined {
    const ids = 16n ** BigInt(this.#digits);
    if (BigInt(this.size) >= ids) return undefined;
    let value = BigInt(`0x${this.#random.hex(this.#digits)}`);
    for (;;) {
      const id = value.toString(16).padStart(this.#digits, '0');
      if (isId(id, this.#digits) && !this.#entryById.has(id)) return id;
      value = (value + 1n) % ids;
    }
  }
}
