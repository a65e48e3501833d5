// The directory that several Discovery nodes of one ring share in Redis. What is asked of it is decided there, in one step; here
// are only the registrations of this process's own sockets. If Redis loses all it had, each Discovery node tells its own again.

import { BITS_PER_DIGIT, type NodeId } from '../../client/src/core/pastry/id.ts';
import type { Directory, Listed } from '../directory.ts';
import { MAX_CALLERS, MAX_CLIENTS, MAX_CLIENTS_PER_ADDRESS, MAX_PEERS, RETURN_MS } from '../limits.ts';
import { addressGroup } from '../networks.ts';
import type { Random } from '../random.ts';
import type { Instant, Peer, RegistrationOutcome, RegistrationWish } from '../registration.ts';
import { LOOK_BEYOND_ONE_IN } from '../sponsors.ts';
import { BEAT_MS, LEASE_MS, MAX_SHARED_PEERS, MAX_SHARED_RECORDS } from './limits.ts';
import { type LocalPeer, LocalPeers } from './local-peers.ts';
import { Presence } from './presence.ts';
import type { Registry, SharedEntry, Sizes } from './registry.ts';

export interface RedisDirectoryParts {
  readonly registry: Registry;
  readonly digits: number;
  readonly maxPeersPerAddress: number;
  readonly random: Random;
  readonly ring: { readonly ringKey: string; readonly params: string };
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  readonly isReachable: () => boolean;
  /** Another socket elsewhere has the identity of this one, which is here. */
  readonly displaced: (holder: string) => void;
  readonly tell: (line: string) => void;
}

/** 128 random bits, as hex characters: no other Discovery node has this name. */
const SERVER_NAME_CHARACTERS = 128 / BITS_PER_DIGIT;
const MAX_SEED = 2 ** 31;

export class RedisDirectory implements Directory {
  readonly #parts: RedisDirectoryParts;
  readonly #local = new LocalPeers();
  readonly #server: string;
  readonly #presence: Presence;
  #sizes: Sizes = { nodes: 0, clients: 0 };
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: RedisDirectoryParts) {
    this.#parts = parts;
    this.#server = parts.random.hex(SERVER_NAME_CHARACTERS);
    const { registry, ring, now, displaced, tell } = parts;
    this.#presence = new Presence({
      ...{ registry, ring, now, displaced, tell, local: this.#local, server: this.#server },
      counted: (sizes) => this.#count(sizes),
    });
  }

  get size(): number {
    return this.#sizes.nodes;
  }

  get here(): Directory['here'] {
    return this.#local.counts;
  }

  get problem(): string | undefined {
    return this.#parts.isReachable() ? undefined : 'Redis cannot be reached';
  }

  peerByHolder(holder: string): Peer | undefined {
    return this.#local.byHolder(holder);
  }

  async peerById(nodeId: NodeId): Promise<Peer | undefined> {
    return this.#local.byId(nodeId) ?? (await this.#parts.registry.lookUp({ nodeId })).peer;
  }

  list(): readonly Listed[] {
    return [...this.#local.nodes()].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  async register(wish: RegistrationWish, at: Instant): Promise<RegistrationOutcome> {
    const { admission, until, ...asked } = wish;
    const { registry, digits, random, maxPeersPerAddress } = this.#parts;
    const isClient = wish.role === 'client';
    // Taken before it is known whether it is needed: Redis cannot ask.
    const isAdmitted = admission.take();
    const moves = this.#local.takeMoves(at.ms);
    let isNew = false;
    try {
      const outcome = await registry.register({
        ...{ ...asked, ...this.#chances(), isAdmitted, moves, seconds: at.seconds, untilSeconds: until },
        ...{ group: addressGroup(wish.address), server: this.#server, randomId: random.hex(digits) },
        most: isClient ? MAX_CLIENTS : this.here.nodes < MAX_PEERS ? MAX_SHARED_PEERS : 0,
        mostOfAddress: isClient ? MAX_CLIENTS_PER_ADDRESS : maxPeersPerAddress,
        ...{ mostRecords: MAX_SHARED_RECORDS, returnMs: RETURN_MS },
      });
      if (outcome.type !== 'registered') return outcome;
      isNew = outcome.isNew;
      const { sizes, peer, refusal, sponsor, displaced, gaveUp } = outcome;
      this.#count(sizes);
      if (displaced !== undefined) this.#local.delete(displaced.holder);
      this.#remember(peer, wish, { ms: at.ms, isSent: sponsor !== undefined, isAnother: gaveUp !== undefined });
      return { type: 'registered', peer, refusal, sponsor, displaced, gaveUp };
    } catch (error) {
      this.#local.giveBack(moves);
      throw error;
    } finally {
      if (isAdmitted && !isNew) admission.giveBack();
    }
  }

  async renewed(holder: string, until: number): Promise<void> {
    const peer = this.#local.byHolder(holder);
    if (peer === undefined) return;
    await this.#parts.registry.renew({ holder, untilSeconds: until, mostRecords: MAX_SHARED_RECORDS });
    peer.until = until;
  }

  async remove(holder: string, freesId: boolean): Promise<Peer | undefined> {
    const own = this.#local.delete(holder);
    try {
      const { peer, sizes } = await this.#parts.registry.remove({ holder, freesId, mostRecords: MAX_SHARED_RECORDS });
      this.#count(sizes);
      // A registration may have been under way.
      this.#local.delete(holder);
      return peer;
    } catch (error) {
      if (own === undefined) throw error;
      return own; // Redis hears of it by and by: see Presence
    }
  }

  async free(nodeId: NodeId, seconds: number): Promise<boolean> {
    return (await this.#parts.registry.free({ nodeId, seconds, mostRecords: MAX_SHARED_RECORDS })).isFreed;
  }

  seen(holder: string, now: number): void {
    this.#local.seen(holder, now);
  }

  signalled(from: NodeId, to: NodeId): Peer | undefined | Promise<Peer | undefined> {
    const [sender, target] = [this.#local.byId(from), this.#local.byId(to)];
    if (sender?.hasAnswered === true && target?.hasAnswered === true) return target;
    return this.#signalled(from, to);
  }

  async sponsorFor(holder: string, now: number): Promise<NodeId | undefined> {
    const moves = this.#local.takeMoves(now);
    try {
      const { sponsor } = await this.#parts.registry.sponsor({ holder, moves, ...this.#chances() });
      const asker = this.#local.byHolder(holder);
      if (asker !== undefined) this.#local.sought(asker, now, sponsor !== undefined);
      return sponsor;
    } catch (error) {
      this.#local.giveBack(moves);
      throw error;
    }
  }

  /** A sign of life to the other Discovery nodes. */
  beat(): Promise<void> {
    return this.#presence.beat();
  }

  /** From now on it gives signs of life. `whenOpened`: calls when Redis is there again. */
  async begin(whenOpened: (act: () => void) => void): Promise<void> {
    await this.beat();
    // Redis is away: the connection tells.
    const beat = (): void => void this.beat().catch(() => undefined);
    whenOpened(beat);
    this.#timer = setInterval(beat, BEAT_MS);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    // If Redis is away the others find out.
    await this.#presence.goodbye().catch(() => undefined);
  }

  async #signalled(from: NodeId, to: NodeId): Promise<Peer | undefined> {
    const ask = { from, to, leaseMs: LEASE_MS, mostCallers: MAX_CALLERS };
    const { peer, isAnswered } = await this.#parts.registry.signal(ask);
    if (isAnswered)
      for (const each of [this.#local.byId(from), this.#local.byId(to)]) if (each) each.hasAnswered = true;
    return peer;
  }

  #remember(
    entry: SharedEntry,
    wish: RegistrationWish,
    { ms, isSent, isAnother }: { readonly ms: number; readonly isSent: boolean; readonly isAnother: boolean },
  ): void {
    const current = this.#local.byHolder(wish.holder);
    if (current !== undefined && !isAnother && current.nodeId === entry.nodeId) {
      current.until = wish.until;
      this.#local.sought(current, ms, isSent);
      return;
    }
    const { role, nodeId, epoch, signKey, agreeKey, device, address, group, holder } = entry;
    const goesOn = wish.life === 'same';
    const peer: LocalPeer = {
      ...{ role, nodeId, epoch, signKey, agreeKey, device, address, group, holder },
      ...{ registeredAt: ms, lastSeen: ms, until: wish.until, hasAnswered: false },
      soughtAt: goesOn || !isSent ? undefined : ms,
    };
    this.#local.add(peer);
  }

  #chances(): { readonly seed: number; readonly looksBeyond: boolean } {
    const { random } = this.#parts;
    return { seed: random.below(MAX_SEED), looksBeyond: random.below(LOOK_BEYOND_ONE_IN) === 0 };
  }

  #count(sizes: Sizes): void {
    this.#sizes = sizes;
  }
}
