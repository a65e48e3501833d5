// Who is registered at a ring's Discovery nodes, under which id and key, and whom a newcomer should contact: what the rest of
// a Discovery node asks of a directory. memory-directory.ts is that of one alone, redis/redis-directory.ts that of several.
// To tabs it names one random node at a time and never lists the members, so that routing has to use the overlay.

import type { NodeId } from '../client/src/core/pastry/id.ts';
import type { Instant, Peer, RegistrationOutcome, RegistrationWish } from './registration.ts';

/** At once where everything is in this process's memory. */
export type Awaitable<T> = T | Promise<T>;

/** A registration as the operator sees it. */
export interface Listed extends Pick<Peer, 'nodeId' | 'device' | 'address'> {
  /** Milliseconds on the directory's clock. */
  readonly registeredAt: number;
  readonly lastSeen: number;
}

/** `here`: on sockets of this process. What is asked of a directory that others share rejects with a DirectoryAway while it cannot be reached. */
export interface Directory {
  /** Nodes of the ring, wherever they are registered; clients are not counted. */
  readonly size: number;
  /** Nodes and clients that are registered here. */
  readonly here: { readonly nodes: number; readonly clients: number };
  /** Why newcomers should go elsewhere now; undefined: they are welcome. */
  readonly problem: string | undefined;

  /** Who is registered on a socket that is here. */
  peerByHolder(holder: string): Peer | undefined;
  peerById(nodeId: NodeId): Awaitable<Peer | undefined>;
  /** The nodes that are registered here, by id. For the operator, never for tabs. */
  list(): readonly Listed[];

  /** Registers who has proved `signKey` and `claim`. A wanted id is granted by the rules of id-rights.ts. */
  register(wish: RegistrationWish, at: Instant): Awaitable<RegistrationOutcome>;
  /** The peer of this socket has a certificate that runs until then, seconds since 1970. */
  renewed(holder: string, until: number): Awaitable<void>;
  /** Removes the registration that `holder` has; `freesId`: for good. Undefined if it has none (any more). */
  remove(holder: string, freesId: boolean): Awaitable<Peer | undefined>;
  /** Frees the id of a node that is absent, whose certificate still runs. False if nobody has it. */
  free(nodeId: NodeId, seconds: number): Awaitable<boolean>;

  /** The tab behind `holder`, which is here, gave a sign of life. */
  seen(holder: string, now: number): void;
  /**
   * A signal passes from one peer, which is here, to another: who has exchanged signals with another one is there, and
   * answers. Resolves with the other, undefined if it is not registered.
   */
  signalled(from: NodeId, to: NodeId): Awaitable<Peer | undefined>;
  /** One random node for a peer that asks again: see Sponsors. */
  sponsorFor(holder: string, now: number): Awaitable<NodeId | undefined>;

  /** Resolves when what was begun is done. */
  close(): Promise<void>;
}

/** What several Discovery nodes share cannot be reached: it may be in a moment. */
export class DirectoryAway extends Error {}

/** What is to be shared with other Discovery nodes cannot be reached at the start, or is not this ring's; its message says what to do. */
export class SharingError extends Error {}
