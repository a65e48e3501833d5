// The directory of a Discovery node that is alone, in its memory. Pure: time and randomness are handed in, and what a key must
// prove has been proved before.

import { BoundedMap } from '../client/src/core/bounded-map.ts';
import { isId, type NodeId } from '../client/src/core/pastry/id.ts';
import { AddressCounts } from './address-counts.ts';
import type { Directory, Listed } from './directory.ts';
import type { IdRecords } from './id-records.ts';
import { type IdRight, rightToId } from './id-rights.ts';
import { FRESH_MS, MAX_CALLERS, MAX_CLIENTS, MAX_CLIENTS_PER_ADDRESS, MAX_PEERS } from './limits.ts';
import type { Random } from './random.ts';
import type { FullReason, Instant, Peer, Registered, RegistrationOutcome, RegistrationWish } from './registration.ts';
import { type Candidate, type Draw, Sponsors } from './sponsors.ts';

interface Entry extends Peer, Candidate {
  /** When the tab came, milliseconds. */
  readonly registeredAt: number;
  /** Seconds since 1970: the end of its certificate. */
  until: number;
  /** Who has signalled to it and not yet been answered. */
  readonly callers: BoundedMap<NodeId, true>;
}

/** What is here of the key and the socket of a wish. */
interface Found {
  /** The registration of this key. */
  readonly former: Entry | undefined;
  /** The registration of this socket. */
  readonly current: Entry | undefined;
  readonly refusal: Registered['refusal'];
  /** Of the id that is granted. */
  readonly formerEpoch: number | undefined;
}

export interface DirectoryParts {
  readonly digits: number;
  readonly maxPeersPerAddress: number;
  readonly random: Random;
  readonly draw?: Draw | undefined;
  readonly records: IdRecords;
}

export class MemoryDirectory implements Directory {
  readonly problem = undefined;
  readonly #parts: DirectoryParts;
  readonly #sponsors: Sponsors<Entry>;
  readonly #nodeById = new Map<NodeId, Entry>();
  readonly #clientById = new Map<NodeId, Entry>();
  readonly #entryByHolder = new Map<string, Entry>();
  readonly #entryByKey = new Map<string, Entry>();
  readonly #nodesFrom = new AddressCounts();
  readonly #clientsFrom = new AddressCounts();
  #nextOrder = 0;

  constructor(parts: DirectoryParts) {
    this.#parts = parts;
    this.#sponsors = new Sponsors(parts.random, parts.draw);
  }

  get size(): number {
    return this.#nodeById.size;
  }

  get here(): Directory['here'] {
    return { nodes: this.#nodeById.size, clients: this.#clientById.size };
  }

  peerById(nodeId: NodeId): Peer | undefined {
    return this.#entryById(nodeId);
  }

  peerByHolder(holder: string): Peer | undefined {
    return this.#entryByHolder.get(holder);
  }

  list(): readonly Listed[] {
    return [...this.#nodeById.values()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  register(wish: RegistrationWish, at: Instant): RegistrationOutcome {
    const right = this.#rightToWanted(wish, at);
    const refusal = right?.type === 'refused' ? right.reason : undefined;
    if (wish.life === 'same') {
      if (wish.claim === undefined || right?.type !== 'own') return { type: 'refused', reason: 'taken' };
      if (wish.claim.epoch < right.formerEpoch) return { type: 'refused', reason: 'superseded' };
    }
    const former = this.#entryByKey.get(keyOf(wish));
    const current = this.#entryByHolder.get(wish.holder);
    if (current !== undefined && current === former && (refusal !== undefined || isAbout(current, wish))) {
      return this.#registerAgain(current, wish, refusal, at);
    }
    const full = this.#fullFor(wish, [former, current]);
    if (full !== undefined) return { type: 'full', reason: full };
    const nodeId = refusal === undefined && wish.wantedId !== undefined ? wish.wantedId : this.#freeId(at.seconds);
    if (nodeId === undefined) return { type: 'full', reason: 'ids' };
    if (right?.type !== 'own' && !wish.admission.take()) return { type: 'full', reason: 'admissions' };
    const formerEpoch = right === undefined || right.type === 'refused' ? undefined : right.formerEpoch;
    return this.#enter(wish, nodeId, { former, current, refusal, formerEpoch }, at);
  }

  renewed(holder: string, until: number): void {
    const entry = this.#entryByHolder.get(holder);
    if (entry === undefined) return;
    entry.until = until;
    this.#record(entry);
  }

  remove(holder: string, freesId: boolean): Peer | undefined {
    const entry = this.#entryByHolder.get(holder);
    if (entry === undefined) return undefined;
    this.#entryByHolder.delete(holder);
    this.#entryByKey.delete(keyOf(entry));
    if (entry.role === 'client') {
      this.#clientById.delete(entry.nodeId);
      this.#clientsFrom.remove(entry.address);
      return entry;
    }
    this.#nodeById.delete(entry.nodeId);
    this.#nodesFrom.remove(entry.address);
    this.#sponsors.delete(entry);
    // Written anew, so that the absent are remembered before all others: those who are here prove it by being here.
    this.#record(entry, freesId);
    return entry;
  }

  seen(holder: string, now: number): void {
    const entry = this.#entryByHolder.get(holder);
    if (entry?.role === 'node') this.#sponsors.seen(entry, now);
    else if (entry !== undefined) entry.lastSeen = now;
  }

  free(nodeId: NodeId, seconds: number): boolean {
    const { records } = this.#parts;
    if (records.get(nodeId, seconds)?.signKey === undefined) return false;
    records.free(nodeId);
    return true;
  }

  signalled(from: NodeId, to: NodeId): Peer | undefined {
    const [sender, target] = [this.#entryById(from), this.#entryById(to)];
    if (sender === undefined || target === undefined || sender === target) return target;
    if (!sender.callers.delete(to)) {
      target.callers.set(from, true);
      return target;
    }
    for (const entry of [sender, target]) if (entry.role === 'node') this.#sponsors.answered(entry);
    return target;
  }

  sponsorFor(holder: string, now: number): NodeId | undefined {
    const asker = this.#entryByHolder.get(holder);
    if (asker === undefined) return undefined;
    const sponsor =
      asker.role === 'client' ? this.#sponsors.forNewcomer(now, true) : this.#sponsors.forAsker(asker, now);
    return sponsor?.nodeId;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #rightToWanted(wish: RegistrationWish, at: Instant): IdRight | undefined {
    const { wantedId, signKey, claim, mayBeForgotten, role } = wish;
    if (wantedId === undefined) return undefined;
    // Clients are in no records: the key of one gives no right to a node's id.
    const record = this.#parts.records.get(wantedId, at.seconds);
    const holder = this.#entryById(wantedId);
    if (holder !== undefined && holder.role !== role) return { type: 'refused', reason: 'taken' };
    const mayChooseId = wish.mayChooseId && role === 'node';
    return rightToId({ wantedId, signKey, claim, holder, record, mayChooseId, mayBeForgotten });
  }

  /** The same socket again, as after an answer that came too late: it has its id already. */
  #registerAgain(current: Entry, wish: RegistrationWish, refusal: Registered['refusal'], at: Instant): Registered {
    const sponsor = this.sponsorFor(wish.holder, at.ms);
    this.renewed(wish.holder, wish.until);
    return { type: 'registered', peer: current, refusal, sponsor, displaced: undefined, gaveUp: undefined };
  }

  /** `gone`: registrations that this one takes the place of. */
  #fullFor({ role, address }: RegistrationWish, gone: readonly (Entry | undefined)[]): FullReason | undefined {
    // What goes makes room, wherever it is.
    if (gone.some((entry) => entry?.role === role)) return undefined;
    const isClient = role === 'client';
    const [all, most] = isClient ? [this.#clientById.size, MAX_CLIENTS] : [this.#nodeById.size, MAX_PEERS];
    if (all >= most) return 'peers';
    const here = (isClient ? this.#clientsFrom : this.#nodesFrom).of(address);
    return here >= (isClient ? MAX_CLIENTS_PER_ADDRESS : this.#parts.maxPeersPerAddress) ? 'address' : undefined;
  }

  #enter(wish: RegistrationWish, nodeId: NodeId, { former, current, ...found }: Found, at: Instant): Registered {
    const { role, signKey, agreeKey, device, address, holder } = wish;
    const gaveUp = current === undefined ? undefined : this.remove(current.holder, true);
    const displaced = former === undefined || former === current ? undefined : this.remove(former.holder, false);
    const sponsor = this.#sponsors.forNewcomer(at.ms);
    const formerEpoch = found.formerEpoch ?? this.#parts.records.get(nodeId, at.seconds)?.epoch ?? 0;
    const goesOn = wish.life === 'same' && wish.claim !== undefined;
    const entry: Entry = {
      ...{ role, nodeId, signKey, agreeKey, device, address, holder },
      epoch: goesOn ? wish.claim.epoch : Math.max(at.seconds, formerEpoch + 1),
      order: this.#nextOrder,
      registeredAt: (goesOn ? former?.registeredAt : undefined) ?? at.ms,
      lastSeen: at.ms,
      until: wish.until,
      soughtAt: goesOn || sponsor === undefined ? undefined : at.ms,
      hasAnswered: goesOn && former?.hasAnswered === true,
      callers: new BoundedMap(MAX_CALLERS),
    };
    this.#nextOrder += 1;
    this.#add(entry);
    this.#record(entry);
    const isOtherLife = former !== undefined && !goesOn && at.ms - former.lastSeen <= FRESH_MS;
    return {
      ...{ type: 'registered', peer: entry, refusal: found.refusal, sponsor: sponsor?.nodeId, gaveUp },
      displaced: displaced === undefined ? undefined : { holder: displaced.holder, isOtherLife },
    };
  }

  #add(entry: Entry): void {
    this.#entryByHolder.set(entry.holder, entry);
    this.#entryByKey.set(keyOf(entry), entry);
    if (entry.role === 'client') {
      this.#clientById.set(entry.nodeId, entry);
      this.#clientsFrom.add(entry.address);
    } else {
      this.#nodeById.set(entry.nodeId, entry);
      this.#nodesFrom.add(entry.address);
      this.#sponsors.add(entry);
    }
  }

  #record({ role, nodeId, signKey, until, epoch }: Entry, isFree = false): void {
    if (role === 'node') this.#parts.records.set(nodeId, { signKey: isFree ? undefined : signKey, until, epoch });
  }

  #entryById(nodeId: NodeId): Entry | undefined {
    return this.#nodeById.get(nodeId) ?? this.#clientById.get(nodeId);
  }

  /** A random id, or the next free one above it; undefined if all ids of a small ring are taken. */
  #freeId(seconds: number): NodeId | undefined {
    const { digits, random, records } = this.#parts;
    const ids = 16n ** BigInt(digits);
    let value = BigInt(`0x${random.hex(digits)}`);
    // One of more ids than are taken is free.
    let tries = this.#nodeById.size + this.#clientById.size + records.size + 1;
    for (; tries > 0; tries -= 1) {
      const id = value.toString(16).padStart(digits, '0');
      if (isId(id, digits) && this.#entryById(id) === undefined && records.get(id, seconds)?.signKey === undefined) {
        return id;
      }
      value = (value + 1n) % ids;
    }
    return undefined;
  }
}

/** A key may be a node and a client at the same time, and is each of them once. */
function keyOf({ role, signKey }: Pick<Peer, 'role' | 'signKey'>): string {
  return `${role} ${signKey}`;
}

function isAbout({ nodeId }: Peer, { wantedId }: RegistrationWish): boolean {
  return wantedId === undefined || wantedId === nodeId;
}
