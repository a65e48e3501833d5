// A LinkLayer that has a last resort: where WebRTC found no path between two nodes, at both ends, their link runs over the
// Discovery node, sealed from end to end (server-link.ts). Everything else is WebRTC's, and a link of WebRTC's takes the place of
// such a one whenever it opens.

import type { NodeId } from '../core/pastry/id.ts';
import type { LinkCloseReason, LinkEvents, LinkFailure, LinkInfo, LinkLayer } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { Credentials } from '../trust/credentials.ts';
import { AttemptBudget } from './attempt-budget.ts';
import { discoveryRelay } from './discovery-relay.ts';
import { MAX_PENDING_INCOMING } from './limits.ts';
import { linkFailure } from './link-failure.ts';
import { NoPaths } from './no-paths.ts';
import { NO_PATH_MS, NO_PATH_REMEMBERED_MS, SERVER_OPEN_MS, SERVER_REOPEN_MS } from './server-limits.ts';
import { ServerLink, type ServerLinkEvents } from './server-link.ts';
import { decodePiece, type Opening } from './server-pieces.ts';
import type { ServerRelay } from './server-relay.ts';
import type { SignalingClient } from './signaling-client.ts';

export interface ServerLinksOptions {
  readonly links: LinkLayer;
  readonly credentials: Credentials;
  readonly relay: ServerRelay;
  /** Milliseconds on a clock that only moves forward. Default: performance.now(). */
  readonly now?: () => number;
}

/** All that there is over the Discovery node between this node and another one. */
interface Slot {
  open: ServerLink | undefined;
  opening: ServerLink | undefined;
  /** This node asked for the link: its failure is to be told. */
  wanted: boolean;
}

const COUNTERS = { serverLinks: 0, serverLinksFailed: 0, serverPiecesRefused: 0 };
type Counter = keyof typeof COUNTERS;

/** Of a node whose Discovery node relays. */
export function overServer(links: LinkLayer, discovery: SignalingClient): LinkLayer {
  return new ServerLinks({ links, credentials: discovery.credentials, relay: discoveryRelay(discovery) });
}

export class ServerLinks implements LinkLayer {
  readonly #links: LinkLayer;
  readonly #credentials: Credentials;
  readonly #relay: ServerRelay;
  readonly #now: () => number;
  readonly #slots = new Map<NodeId, Slot>();
  readonly #noPaths: NoPaths;
  /** Pieces of one node are taken one after the other. */
  readonly #turnByNode = new Map<NodeId, Promise<void>>();
  readonly #closing = new Set<ServerLink>();
  readonly #budget: AttemptBudget;
  readonly #counters = { ...COUNTERS };
  #events: LinkEvents | undefined;

  constructor({ links, credentials, relay, now = () => performance.now() }: ServerLinksOptions) {
    this.#links = links;
    this.#credentials = credentials;
    this.#relay = relay;
    this.#now = now;
    this.#noPaths = new NoPaths(now);
    this.#budget = new AttemptBudget(now);
  }

  get counters(): Readonly<Record<string, number>> {
    return { ...this.#links.counters, ...this.#counters };
  }

  listen(events: LinkEvents): void {
    this.#events = events;
    this.#links.listen({
      ...events,
      up: (peer, certificate) => {
        this.#replaced(peer);
        events.up(peer, certificate);
      },
      failed: (peer, failure) => {
        if (!this.#isPathless(failure)) events.failed(peer, failure);
        else this.#noPathTo(peer, failure, true);
      },
      answerFailed: (peer, failure) => {
        if (!this.#isPathless(failure)) events.answerFailed(peer, failure);
        else this.#noPathTo(peer, failure, false);
      },
    });
    this.#relay.listen((from, piece) => this.#arrived(from, piece));
  }

  signalled(from: NodeId, data: string): void {
    this.#links.signalled(from, data);
  }

  introduce(certificate: Certificate): void {
    this.#links.introduce(certificate);
  }

  connect(peer: NodeId): void {
    const slot = this.#slots.get(peer);
    if (slot?.open !== undefined) return;
    if (slot?.opening !== undefined) {
      slot.wanted = true;
      return;
    }
    if (this.#noPaths.leavesServer(peer, NO_PATH_MS)) this.#open(peer, SERVER_REOPEN_MS, true);
    else this.#links.connect(peer);
  }

  send(peer: NodeId, frame: Uint8Array): void {
    const open = this.#slots.get(peer)?.open;
    if (open === undefined) this.#links.send(peer, frame);
    else open.send(frame);
  }

  bufferedBytes(peer: NodeId): number {
    return this.#slots.get(peer)?.open?.bufferedBytes ?? this.#links.bufferedBytes(peer);
  }

  close(peer: NodeId, reason: LinkCloseReason): void {
    const slot = this.#slots.get(peer);
    this.#slots.delete(peer);
    slot?.opening?.abort();
    if (slot?.open !== undefined) this.#part(slot.open, reason);
    this.#links.close(peer, reason);
  }

  closeAll(): void {
    for (const { open, opening } of this.#slots.values()) {
      open?.abort('goodbye');
      opening?.abort();
    }
    for (const link of this.#closing) link.abort();
    this.#slots.clear();
    this.#links.closeAll();
  }

  check(): void {
    // There may be a path now.
    this.#noPaths.clear();
    for (const { open } of this.#slots.values()) open?.check();
    this.#links.check();
  }

  links(): readonly LinkInfo[] {
    const own = Array.from(this.#slots, ([nodeId, { open }]) =>
      open === undefined ? { nodeId, state: 'connecting' as const } : { nodeId, state: 'open' as const, ...open.info },
    );
    return [...own, ...this.#links.links().filter(({ nodeId }) => !this.#slots.has(nodeId))];
  }

  get linkCount(): number {
    return this.#slots.size + this.#links.linkCount;
  }

  /** Both ends have heard of each other, and no path was found between them. */
  #isPathless({ stage }: LinkFailure): boolean {
    return stage === 'ice' || stage === 'dtls';
  }

  #noPathTo(peer: NodeId, failure: LinkFailure, wanted: boolean): void {
    this.#noPaths.add(peer, failure);
    const slot = this.#slots.get(peer);
    // Links of WebRTC's that were to take its place have not.
    if (slot?.open === undefined) this.#open(peer, SERVER_OPEN_MS, wanted);
  }

  #open(peer: NodeId, limitMs: number, wanted: boolean): ServerLink {
    const slot = this.#slots.get(peer) ?? { open: undefined, opening: undefined, wanted: false };
    this.#slots.set(peer, slot);
    slot.wanted ||= wanted;
    if (slot.opening !== undefined) return slot.opening;
    const link: ServerLink = new ServerLink(
      {
        ...{ limitMs, credentials: this.#credentials, now: this.#now },
        isJoining: this.#events?.isJoining() === true,
        carry: (piece) => this.#relay.carry(peer, piece),
      },
      this.#linkEvents(peer, slot, () => link),
    );
    slot.opening = link;
    return link;
  }

  #linkEvents(peer: NodeId, slot: Slot, link: () => ServerLink): ServerLinkEvents {
    return {
      open: (certificate) => {
        const old = slot.open;
        slot.open = link();
        slot.opening = undefined;
        slot.wanted = false;
        this.#count('serverLinks');
        old?.abort();
        if (old !== undefined) this.#events?.down(peer, 'lost');
        this.#events?.up(peer, certificate);
      },
      failed: (why) => this.#failed(peer, slot, why),
      down: (reason) => {
        slot.open = undefined;
        this.#dropIfEmpty(peer, slot);
        this.#events?.down(peer, reason === 'too-slow' ? 'lost' : reason);
      },
      frame: (bytes) => this.#events?.frame(peer, bytes),
      drained: () => this.#events?.drained(peer),
      garbage: () => this.#events?.garbage(peer),
    };
  }

  #failed(peer: NodeId, slot: Slot, why: string | undefined): void {
    const { wanted } = slot;
    // The other end may come later, when its own attempt has ended.
    const failure = this.#noPaths.cutOff(peer);
    slot.opening = undefined;
    slot.wanted = false;
    this.#count('serverLinksFailed');
    this.#dropIfEmpty(peer, slot);
    if (slot.open !== undefined) return;
    const told = failure ?? linkFailure('no-answer');
    const detail = why ?? 'The other tab did not answer there.';
    const both = { ...told, message: `${told.message} Over the Discovery node there was no way either. (${detail})` };
    if (wanted) this.#events?.failed(peer, both);
    else this.#events?.answerFailed(peer, both);
  }

  /** A link of WebRTC's has opened. */
  #replaced(peer: NodeId): void {
    const slot = this.#slots.get(peer);
    this.#noPaths.delete(peer);
    if (slot === undefined) return;
    this.#slots.delete(peer);
    slot.opening?.abort();
    slot.open?.abort();
    if (slot.open !== undefined) this.#events?.down(peer, 'lost');
  }

  #part(link: ServerLink, reason: LinkCloseReason): void {
    this.#closing.add(link);
    link.close(reason, () => this.#closing.delete(link));
  }

  #dropIfEmpty(peer: NodeId, slot: Slot): void {
    const isEmpty = slot.open === undefined && slot.opening === undefined;
    if (isEmpty && this.#slots.get(peer) === slot) this.#slots.delete(peer);
  }

  /** Resolves when it was taken, which bounds what one node can have waiting here. */
  #arrived(from: NodeId, piece: Uint8Array): Promise<void> {
    const isExpected =
      this.#slots.has(from) || this.#closing.size > 0 || this.#noPaths.has(from, NO_PATH_REMEMBERED_MS);
    if (!isExpected) return Promise.resolve();
    const turn = (this.#turnByNode.get(from) ?? Promise.resolve()).then(() => this.#take(from, piece));
    this.#turnByNode.set(from, turn);
    return turn.finally(() => {
      if (this.#turnByNode.get(from) === turn) this.#turnByNode.delete(from);
    });
  }

  async #take(from: NodeId, bytes: Uint8Array): Promise<void> {
    const piece = decodePiece(bytes);
    if (piece === undefined) return this.#count('serverPiecesRefused');
    if (piece.type === 'open') return this.#opened(from, piece);
    const { open, opening } = this.#slots.get(from) ?? {};
    const link = [open, opening, ...this.#closing].find((each) => each?.nonce === piece.to);
    if (piece.type === 'sealed') await link?.take(piece.from, piece.sealed);
    else link?.ended(piece.from);
  }

  async #opened(from: NodeId, word: Opening): Promise<void> {
    const slot = this.#slots.get(from);
    // Said before the other end had seen that it is heard.
    if (slot?.open?.other?.nonce === word.nonce) return;
    if (slot?.opening === undefined && !this.#mayOpen(from, word.joining === true)) return;
    const certificate = await this.#credentials.check(word.certificate);
    const isOf = typeof certificate !== 'string' && certificate.nodeId === from;
    const now = this.#slots.get(from);
    if (!isOf || certificate.epoch < (now?.open?.other?.certificate.epoch ?? 0))
      return this.#count('serverPiecesRefused');
    await (now?.opening ?? this.#open(from, SERVER_REOPEN_MS, false)).hear(word, certificate);
  }

  /** The other end begins, again perhaps; this one has not found a path either. */
  #mayOpen(from: NodeId, isJoining: boolean): boolean {
    const pending = [...this.#slots.values()].filter(({ opening, wanted }) => opening !== undefined && !wanted).length;
    if (!this.#noPaths.has(from, NO_PATH_REMEMBERED_MS) || pending >= MAX_PENDING_INCOMING) return false;
    if (!this.#budget.take(from)) return false;
    return this.#slots.has(from) || this.#events?.mayAnswer(from, isJoining) === true;
  }

  #count(what: Counter): void {
    this.#counters[what] += 1;
  }
}
