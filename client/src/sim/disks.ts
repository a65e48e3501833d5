// Carries out what the core asks of storage: pulls over links at a given speed, durable writes, drops and checks.
// Contents are not simulated: a block is its reference.

import type { Input, Output } from '../core/io.ts';
import type { BlockRef } from '../core/past/block.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Conditions } from './conditions.ts';
import type { Disk, Host } from './host.ts';
import type { Network } from './network.ts';
import { Rng } from './rng.ts';
import { Uplinks } from './uplinks.ts';

/** What a data channel carries on a good path, bytes a millisecond. */
const BYTES_PER_MS = 10_000;

/** To read a block and hash it, bytes a millisecond. */
const HASHED_BYTES_PER_MS = 200_000;

const DIGEST_DIGITS = 64;
/** How long what was fetched serves others; the driver also lets it go for want of room. */
const CACHED_MS = 5 * 60_000;
/** Bytes that a node's disk holds unless told otherwise: room for everything. */
const AMPLE_DISK = Number.MAX_SAFE_INTEGER;

/** A small one: a few of the blocks that are stored, which have half a megabyte on average. */
const SMALL_DISK_BYTES = [1_000_000, 8_000_000] as const;

const STORAGE_TYPES = ['pull', 'stop-pull', 'drop', 'verify', 'prove', 'keep-leases'] as const;
type StorageOutput = Extract<Output, { type: (typeof STORAGE_TYPES)[number] }>;

/** What a disk, or a transfer to one, is to do. */
export function isStorageOutput(output: Output): output is StorageOutput {
  return STORAGE_TYPES.some((type) => type === output.type);
}

export class Disks {
  readonly #network: Network;
  readonly #conditions: Conditions;
  readonly #rng: Rng;
  /** How many of the disks to come are small, of 1. */
  smallShare = 0;
  /** Blocks that a node is storing for its user: it has their bytes, though not on its disk. */
  readonly #offersByHost = new Map<Host, Map<string, BlockRef>>();
  /** What its user has fetched, and until when that serves others. */
  readonly #cachedByHost = new Map<Host, Map<string, number>>();
  readonly #pulls = new Set<string>();
  readonly #uplinks: Uplinks;
  /** What has just come for a fetch: the machine that hears of it has the bytes at this moment. */
  #brought: string | undefined;
  /** Of blocks that came to be kept, in all. */
  pulledBytes = 0;

  constructor(network: Network, conditions: Conditions, rng: Rng) {
    this.#network = network;
    this.#conditions = conditions;
    this.#rng = rng;
    this.#uplinks = new Uplinks(network.schedule);
  }

  /** An empty one, of so many bytes, or as it happens. */
  create(capacity = this.#rng.chance(this.smallShare) ? this.#rng.between(...SMALL_DISK_BYTES) : AMPLE_DISK): Disk {
    return { blockByDigest: new Map(), leasedByDigest: new Map(), capacity, refusesWrites: false };
  }

  /** `host` can give the bytes of `block` until `forget`. */
  offer(host: Host, block: BlockRef): void {
    const offers = this.#offersByHost.get(host) ?? new Map<string, BlockRef>();
    offers.set(block.digest, block);
    this.#offersByHost.set(host, offers);
  }

  forget(host: Host): void {
    this.#offersByHost.delete(host);
    this.#cachedByHost.delete(host);
  }

  output(host: Host, output: StorageOutput): void {
    switch (output.type) {
      case 'pull':
        this.#pull(host, output.from, output.block, output.keep);
        return;
      case 'stop-pull':
        this.#stopPull(host, output.from, output.digest);
        return;
      case 'drop':
        host.disk.blockByDigest.delete(output.digest);
        return;
      case 'keep-leases': {
        const { block, leases } = output.leased;
        const isKept = leases.length === 0 || !host.disk.refusesWrites;
        if (leases.length === 0) host.disk.leasedByDigest.delete(block.digest);
        else if (isKept) host.disk.leasedByDigest.set(block.digest, output.leased);
        const kept: Input = { type: 'leases-kept', digest: block.digest, isKept };
        this.#network.schedule.after(0, () => this.#network.deliver(host, kept));
        return;
      }
      case 'verify':
        if (!host.disk.blockByDigest.has(output.digest)) {
          this.#network.schedule.after(0, () =>
            this.#network.deliver(host, { type: 'block-lost', digest: output.digest }),
          );
        }
        return;
      case 'prove':
        this.#prove(host, output.digest, output.salt);
    }
  }

  /** What the bytes would be is not simulated: the disk alone knows the hash of what it holds, and nobody can make it up. */
  #prove(host: Host, digest: string, salt: string): void {
    const size = host.disk.blockByDigest.get(digest)?.size ?? 0;
    this.#network.schedule.after(size / HASHED_BYTES_PER_MS, () => {
      const isThere = host.disk.blockByDigest.has(digest);
      if (!isThere) this.#network.deliver(host, { type: 'block-lost', digest });
      const hash = isThere ? new Rng(0).split(salt + digest).hex(DIGEST_DIGITS) : undefined;
      this.#network.deliver(host, { type: 'proved', digest, salt, hash });
    });
  }

  /** A host's machine learns what its disk takes, if that is bounded. */
  tellRoom(host: Host): void {
    if (host.disk.capacity !== AMPLE_DISK)
      this.#network.deliver(host, { type: 'room', freeBytes: freeBytesOf(host.disk) });
  }

  #pull(host: Host, from: NodeId, block: BlockRef, keep: boolean): void {
    const key = pullKey(host, from, block.digest);
    this.#pulls.add(key);
    const source = this.#network.hostOf(from);
    const roundTripMs = source === undefined ? 0 : 2 * this.#conditions.baseDelayMs(host, source);
    this.#network.inFlight += 1;
    const isBrought = source === host && this.#brought === block.digest;
    const came = (): void => {
      this.#network.inFlight -= 1;
      if (this.#pulls.delete(key)) this.#arrived(host, from, block, keep, isBrought);
    };
    const { schedule } = this.#network;
    const { uplinkBytesPerMs } = this.#conditions;
    if (isBrought) schedule.after(0, came);
    else if (uplinkBytesPerMs === undefined) schedule.after(roundTripMs + block.size / BYTES_PER_MS, came);
    else schedule.after(roundTripMs, () => this.#uplinks.give(from, key, block.size / uplinkBytesPerMs, came));
  }

  #stopPull(host: Host, from: NodeId, digest: string): void {
    const key = pullKey(host, from, digest);
    // What waits for the up-link goes nowhere.
    if (this.#pulls.delete(key) && this.#uplinks.cancel(from, key)) this.#network.inFlight -= 1;
  }

  /** `isBrought`: the bytes were here when the pull began. */
  #arrived(host: Host, from: NodeId, block: BlockRef, keep: boolean, isBrought: boolean): void {
    const { digest } = block;
    const source = this.#network.hostOf(from);
    const isThere = isBrought || (source !== undefined && source.state === 'up' && this.#has(source, digest));
    if (!isThere || !(isBrought || this.#canFlow(host, from))) {
      this.#network.deliver(host, { type: 'block-failed', from, digest, reason: 'aborted' });
      return;
    }
    if (keep && !host.disk.blockByDigest.has(digest)) {
      if (host.disk.refusesWrites || block.size > freeBytesOf(host.disk)) {
        this.#network.deliver(host, { type: 'block-failed', from, digest, reason: 'full' });
        return;
      }
      host.disk.blockByDigest.set(digest, block);
      if (!isBrought) this.pulledBytes += block.size;
      this.tellRoom(host);
    }
    if (source !== undefined && source !== host)
      this.#network.deliver(source, { type: 'given', to: host.nodeId, digest });
    if (!keep) this.#cache(host, digest);
    this.#brought = keep ? undefined : digest;
    this.#network.deliver(host, { type: 'block-arrived', from, digest, kept: keep });
    this.#brought = undefined;
  }

  /** Over a link, or by one of the nodes that the core names as carriers, if that can have links to both (peer/incoming.ts). */
  #canFlow(host: Host, from: NodeId): boolean {
    const { links } = this.#network;
    if (links.isOpen(host, from)) return true;
    const carriers = host.machine.carriersOf?.(from) ?? [];
    return carriers.some((carrier) => {
      const isUp = this.#network.hostOf(carrier)?.state === 'up';
      const canReach = this.#conditions.canLink(carrier, from) && !this.#conditions.isCut(carrier, from);
      return isUp && canReach && links.isOpen(host, carrier);
    });
  }

  #cache(host: Host, digest: string): void {
    const cached = this.#cachedByHost.get(host) ?? new Map<string, number>();
    this.#cachedByHost.set(host, cached.set(digest, this.#network.schedule.now + CACHED_MS));
  }

  #has(host: Host, digest: string): boolean {
    const isCached = this.#network.schedule.now < (this.#cachedByHost.get(host)?.get(digest) ?? 0);
    return isCached || host.disk.blockByDigest.has(digest) || this.#offersByHost.get(host)?.has(digest) === true;
  }
}

/** What a disk has left. */
export function freeBytesOf({ blockByDigest, capacity }: Disk): number {
  let used = 0;
  for (const { size } of blockByDigest.values()) used += size;
  return Math.max(0, capacity - used);
}

function pullKey(host: Host, from: NodeId, digest: string): string {
  return `${host.nodeId}.${host.epoch}:${from}:${digest}`;
}
