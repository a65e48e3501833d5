// Nodes between which WebRTC finds no path, and a relay that carries their pieces, or does with them what a test wants.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { HIGH_WATER_BYTES } from '../../src/links/limits.ts';
import { linkFailure } from '../../src/links/link-failure.ts';
import { ServerLinks } from '../../src/links/server-links.ts';
import type { ServerRelay } from '../../src/links/server-relay.ts';
import { SignallingError } from '../../src/links/signalling.ts';
import type { LinkEvents, LinkLayer } from '../../src/peer/ports.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import { LinkProbe } from '../contracts/link-probe.ts';
import { SwappingSignalling } from '../contracts/swapping-signalling.ts';
import { Authority, type CertifiedOptions } from '../trust/authority.ts';
import { FakeRelay } from './fake-webrtc.ts';
import { nodeId } from './pair.ts';

export interface Carried {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly bytes: Uint8Array;
}

export class ServerRing {
  /** All that was given to the relay. */
  readonly carried: Carried[] = [];
  /** What the relay does with each piece: a correct one hands it on as it is. */
  onPiece: (piece: Carried) => readonly Carried[] = (piece) => [piece];
  readonly authority: Authority;
  readonly #handlers = new Map<NodeId, (from: NodeId, piece: Uint8Array) => Promise<void>>();
  readonly #pathless = new Map<NodeId, PathlessLinks>();

  private constructor(authority: Authority) {
    this.authority = authority;
  }

  static async create(): Promise<ServerRing> {
    return new ServerRing(await Authority.create());
  }

  async node(prefix: string, certified: CertifiedOptions = {}) {
    const id = nodeId(prefix);
    const credentials: Credentials = await this.authority.credentials(id, certified);
    const below = new PathlessLinks(credentials, this.#pathless);
    this.#pathless.set(id, below);
    const links = new ServerLinks({ credentials, relay: this.#relayOf(id), links: below });
    return {
      ...{ id, credentials, links, below },
      probe: new LinkProbe(links, HIGH_WATER_BYTES, new SwappingSignalling(new FakeRelay().at(id))),
    };
  }

  /** The node is no more at the relay. */
  gone(id: NodeId): void {
    this.#handlers.delete(id);
  }

  /** Hands a piece to a node in the name of another one. */
  async hand({ from, to, bytes }: Carried): Promise<void> {
    const handler = this.#handlers.get(to);
    if (handler === undefined) throw new SignallingError('unknown-peer', 'No tab of this id is registered.');
    await handler(from, bytes.slice());
  }

  #relayOf(self: NodeId): ServerRelay {
    return {
      carry: async (to, bytes) => {
        const piece = { from: self, to, bytes };
        this.carried.push(piece);
        await Promise.all(this.onPiece(piece).map((each) => this.hand(each)));
      },
      listen: (handler) => void this.#handlers.set(self, handler),
    };
  }
}

/** WebRTC where no path is ever found: both ends answer each other, and then say so. */
export class PathlessLinks implements LinkLayer {
  readonly counters = {};
  readonly linkCount = 0;
  /** How often it was asked to look for a path. */
  tries = 0;
  events: LinkEvents | undefined;
  readonly #credentials: Credentials;
  readonly #others: ReadonlyMap<NodeId, PathlessLinks>;
  readonly #wanted = new Set<NodeId>();

  constructor(credentials: Credentials, others: ReadonlyMap<NodeId, PathlessLinks>) {
    this.#credentials = credentials;
    this.#others = others;
  }

  listen(events: LinkEvents): void {
    this.events = events;
  }

  connect(peer: NodeId): void {
    this.tries += 1;
    this.#wanted.add(peer);
    queueMicrotask(() => {
      if (!this.#wanted.delete(peer)) return;
      const other = this.#others.get(peer);
      if (other === undefined) return this.events?.failed(peer, linkFailure('signalling', undefined, true));
      this.events?.failed(peer, linkFailure('ice'));
      other.events?.answerFailed(this.#credentials.nodeId, linkFailure('ice'));
    });
  }

  close(peer: NodeId): void {
    this.#wanted.delete(peer);
  }

  readonly introduce = (): void => undefined;
  readonly send = (): void => undefined;
  readonly bufferedBytes = (): number => 0;
  readonly closeAll = (): void => undefined;
  readonly check = (): void => undefined;
  readonly links = (): readonly [] => [];
  readonly signalled = (): void => undefined;
}
