// What a peer needs from the world, as small interfaces. Adapters are in links/, stores/, web/ and node/.

import type { BlockRef } from '../core/past/block.ts';
import type { Leased } from '../core/past/lease.ts';
import type { Id, NodeId } from '../core/pastry/id.ts';
import type { RingParams } from '../core/pastry/params.ts';
import type { Certificate } from '../trust/certificate.ts';

/** A clock that only moves forward, milliseconds; and one alarm at a time. */
export interface Clock {
  now(): number;
  /** Calls `wake` at `instant` or later; a new alarm replaces the old one. */
  setAlarm(instant: number | undefined, wake: () => void): void;
}

/** Ordered, reliable channels to other nodes, each named by the node at its far end, which has proved that it is that node. */
export interface LinkLayer {
  /** Whom to tell what happens. Called once, before anything else. */
  listen(events: LinkEvents): void;
  /**
   * Starts opening a link; ends in `up` or `failed`. Does nothing if the link is open or opening. A node of which nothing
   * but hearsay is known is called first, which costs one message more and no connection.
   */
  connect(peer: NodeId): void;
  /** This certificate was checked elsewhere: its node exists. */
  introduce(certificate: Certificate): void;
  /** Sends one frame over an open link; frames to a link that is not open are dropped (`down` was or will be told). */
  send(peer: NodeId, frame: Uint8Array): void;
  /** Bytes accepted by send and not yet handed to the network. */
  bufferedBytes(peer: NodeId): number;
  /** Closes a link or gives up opening it, telling the other side why. `down` is not told for it. */
  close(peer: NodeId, reason: LinkCloseReason): void;
  /** Closes everything at once, synchronously: the page is going away. */
  closeAll(): void;
  /** The clock or the network has changed: asks over every open link; those without an answer soon go down as lost. */
  check(): void;
  links(): readonly LinkInfo[];
  /** How many links are open or opening. Cheap, unlike links(), which may ask the browser about each. */
  readonly linkCount: number;
  /** Signalling data came through the ring; `from` is what the ring says, and nothing is taken for it. Empty: the ring does not know `from`, so what was sent there is lost. */
  signalled(from: NodeId, data: string): void;
  /** What was done, refused and dropped so far, by name. */
  readonly counters: Readonly<Record<string, number>>;
}

export type LinkCloseReason = 'goodbye' | 'budget' | 'misbehaved';

export interface LinkEvents {
  /** The node of this certificate is at the other end. A link that was open to it before is replaced, after `down` was told. */
  up(peer: NodeId, certificate: Certificate): void;
  /** A certificate of another node's was shown and checked, for the first time or renewed. */
  certified(certificate: Certificate): void;
  /** An open link closed. Reasons of the other side's, or 'lost': closed without a word. */
  down(peer: NodeId, reason: LinkCloseReason | 'lost'): void;
  failed(peer: NodeId, failure: LinkFailure): void;
  /** The same of an attempt of the other side's, which nobody here had wished for; not told while a link is open. */
  answerFailed(peer: NodeId, failure: LinkFailure): void;
  frame(peer: NodeId, bytes: Uint8Array): void;
  /** The other side sent what is no frame at all. */
  garbage(peer: NodeId): void;
  /** bufferedBytes fell to or below LOW_WATER_BYTES (links/). */
  drained(peer: NodeId): void;
  /** Carries signalling data to `peer` through the ring. False if no link is open that could take it. */
  carry(peer: NodeId, data: string): boolean;
  /** Another node wants a link; `isJoining`: to join the ring, as it says. False: there are too many already, and it is told so. */
  mayAnswer(peer: NodeId, isJoining: boolean): boolean;
  /** This node is not in the ring yet: the nodes to which it opens links are told. */
  isJoining(): boolean;
  /** How long an attempt at a link may take, milliseconds, asked again when so much has passed: longer where all take long. */
  openingMs(): number;
}

/**
 * Why a link did not open, and at which stage. signalling: the offer reached nobody; no-answer: it did, and nobody
 * answered; ice: no network path; dtls: a path, but no channel over it; closed-by-peer: the other end gave it up; proof: it
 * was not proved that the other end is that node; budget: too many links or connections at one end; webrtc: there is none here.
 */
export interface LinkFailure {
  readonly stage: 'signalling' | 'no-answer' | 'ice' | 'dtls' | 'closed-by-peer' | 'proof' | 'budget' | 'webrtc';
  /** True if the signalling said that nobody has this id. */
  readonly noSuchPeer: boolean;
  /** For people: what happened and what to do. */
  readonly message: string;
}

/** Who carried the offers and answers that opened a link. */
export type SignalWay = 'discovery' | 'ring';

export interface LinkInfo {
  readonly nodeId: NodeId;
  /** relayed: no link can be had, and the ring carries what the two nodes have to say. */
  readonly state: 'connecting' | 'open' | 'relayed';
  /** direct: from machine to machine; turn: over a TURN server; server: carried, sealed, by the Discovery node; ring: relayed. Absent while unknown. */
  readonly path?: 'direct' | 'turn' | 'server' | 'ring';
  /** Of a relayed one: the common leaf that carries. */
  readonly carrier?: NodeId;
  /** Of an open link. */
  readonly signalledBy?: SignalWay;
  /** Round trip on the network, milliseconds, as the browser last measured it. */
  readonly rttMs?: number;
  /** Of frames, since the link opened. */
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
}

/** Durable storage of blocks. Contract: client/test/contracts/block-store.ts. */
export interface BlockStore {
  list(): Promise<readonly BlockRef[]>;
  /** The bytes as they were put, or undefined. Does not check the digest: callers do. */
  get(digest: string): Promise<Uint8Array | undefined>;
  /** Resolves when the bytes would survive a crash. Rejects with a PeerError of code 'full' if there is no room; then nothing stays behind. */
  put(block: BlockRef, bytes: Uint8Array): Promise<void>;
  /** Deleting what is not there is not an error. */
  delete(digest: string): Promise<void>;
  /** The leases that were kept: of blocks that are here, that were to come, and tombstones of deleted ones. */
  leases(): Promise<readonly Leased[]>;
  /**
   * Keeps a block's leases in place of those before; without any, nothing is left of them. Whether the block is here does not
   * matter. Resolves and rejects as `put`; calls for one digest take effect in their order, those of `put` and `delete` too.
   */
  setLeases(leased: Leased): Promise<void>;
  /** How many more bytes it takes, as far as it can tell; Infinity if it knows no bound. */
  freeBytes(): Promise<number>;
  /**
   * Whether the disk is what it was: 'replaced' if it was cleared since the last call, or the opening; then the store goes on
   * with what is there, which `list` tells. Rejects if it cannot be read or written.
   */
  check(): Promise<'intact' | 'replaced'>;
  close(): Promise<void>;
}

/** Small durable values: the identity, the list of own files. JSON only. */
export interface Settings {
  get(name: string): Promise<unknown>;
  set(name: string, value: unknown): Promise<void>;
}

/** The Discovery node, as a peer sees it. */
export interface Discovery {
  readonly params: RingParams;
  readonly nodeId: Id;
  readonly sponsor: NodeId | undefined;
  /** One random registered peer other than this one; undefined if there is none. Rejects if nobody can tell: it is away. */
  askSponsor(): Promise<NodeId | undefined>;
  leave(): void;
}

/**
 * SHA-256 of bytes as 64 lower-case hex characters. With `back` the bytes, all of their memory, are the caller's to give away: they may come back by it in another
 * array, and if it rejects not at all.
 */
export type Sha256 = (bytes: Uint8Array, back?: (bytes: Uint8Array) => void) => Promise<string>;
