// Puts a peer together in Node: identity, Discovery node, links over node-datachannel, storage in a directory or in memory.
// A process may have many.

import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../core/pastry/id.ts';
import { connectToDiscovery, type SignalingClient } from '../links/signaling-client.ts';
import { WebRtcLinks } from '../links/webrtc-links.ts';
import { PeerError } from '../peer/errors.ts';
import type { PeerParts } from '../peer/parts.ts';
import { Peer } from '../peer/peer.ts';
import type { BlockStore, Settings } from '../peer/ports.ts';
import { sha256 } from '../peer/sha256.ts';
import { SystemClock } from '../peer/system-clock.ts';
import { openFsDirectory } from '../stores/fs-directory.ts';
import { type IdentityLease, leaseIdentity } from '../stores/identity.ts';
import { MemoryBlockStore } from '../stores/memory-block-store.ts';
import { MemorySettings } from '../stores/memory-settings.ts';
import { DiscoveryNews } from './discovery-news.ts';
import { loadNodeWebRtc, loadNodeWebRtcOnPort } from './node-webrtc.ts';

export interface NodePeerOptions {
  /** Where the Discovery node listens, such as http://localhost:8080. */
  readonly server: string;
  /** An id or hex prefix to ask for. Default: the directory's last one, else any. */
  readonly wantedId?: string | undefined;
  /** What the peer is and holds is kept here; without it, in memory until it leaves. */
  readonly dir?: string | undefined;
  /** Bytes of blocks that it holds at most. Default: what there is room for. */
  readonly quotaBytes?: number | undefined;
  /** A free UDP port, which all its links share. Default: each link has its own. */
  readonly udpPort?: number | undefined;
  /** Start of file links. Default: the server's address. */
  readonly origin?: string | undefined;
  /** Called with the reason while the Discovery node cannot be reached or refuses; it is tried again until `signal` is aborted. */
  readonly waiting?: ((reason: string) => void) | undefined;
  /** Gives up the first registration. */
  readonly signal?: AbortSignal | undefined;
  /** The core; a light client has another. */
  readonly createNode?: PeerParts['createNode'];
}

export interface NodePeer {
  /** Registered, and not yet started: whoever listens from now on misses nothing. */
  readonly peer: Peer;
  /** False if another live node has the wanted id, so that this one got another. */
  readonly wantedIdGranted: boolean;
  /** The random node of the ring that the Discovery node named; undefined if there is none. */
  readonly sponsor: NodeId | undefined;
  /** Hands blocks over, says goodbye, and closes the directory. Takes at most 26 seconds. */
  leave(): Promise<void>;
  /** Says goodbye at once and synchronously, without handing over; resolves when the directory is closed. */
  goodbye(): Promise<void>;
}

/** For the last words on links and to the Discovery node, which their layers send on their own, milliseconds. */
const LAST_WORDS_MS = 300;

interface Storage {
  readonly store: BlockStore;
  readonly settings: Settings;
  close(): Promise<void>;
}

/** Rejects with a PeerError: bad-id, storage, full, discovery-unreachable (`signal` was aborted). */
export async function composeNodePeer(options: NodePeerOptions): Promise<NodePeer> {
  const { udpPort } = options;
  const webRtc = await (udpPort === undefined ? loadNodeWebRtc() : loadNodeWebRtcOnPort(udpPort));
  const storage = await openStorage(options);
  let discovery: SignalingClient | undefined;
  try {
    const news = new DiscoveryNews(options.waiting ?? (() => undefined));
    const identity = await leaseIdentity({
      settings: storage.settings,
      // The directory has its own lock, so all that it knows is this peer's.
      locks: { take: async () => () => undefined },
      session: { get: () => undefined, set: () => undefined },
      wantedId: options.wantedId,
      now: () => Date.now(),
      randomHex,
    });
    discovery = await register(options, identity, news);
    const registered = discovery;
    const { nodeId, secret, sponsor, wantedIdGranted } = registered;
    const { epoch } = await identity.settle(nodeId, secret);
    const peer = new Peer({
      discovery,
      links: new WebRtcLinks({ self: nodeId, signalling: registered, iceServers: () => registered.iceServers, webRtc }),
      store: storage.store,
      settings: storage.settings,
      clock: new SystemClock(),
      sha256,
      device: identity.device,
      epoch,
      seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      origin: options.origin ?? options.server,
      calendar: () => Date.now(),
      ...(options.createNode === undefined ? {} : { createNode: options.createNode }),
    });
    news.tell(peer);
    return {
      peer,
      wantedIdGranted,
      sponsor,
      leave: async () => {
        await peer.leave();
        await delay(LAST_WORDS_MS);
        await storage.close();
      },
      goodbye: () => {
        peer.goodbye();
        return storage.close();
      },
    };
  } catch (error) {
    discovery?.leave();
    await storage.close();
    throw error;
  }
}

async function openStorage({ dir, quotaBytes }: NodePeerOptions): Promise<Storage> {
  if (dir !== undefined) return openFsDirectory(dir, { quotaBytes });
  const store = new MemoryBlockStore(quotaBytes);
  return { store, settings: new MemorySettings(), close: () => store.close() };
}

async function register(
  { server, signal, wantedId }: NodePeerOptions,
  identity: IdentityLease,
  news: DiscoveryNews,
): Promise<SignalingClient> {
  const connect = (wanted: Pick<IdentityLease, 'wantedId' | 'secret'>): Promise<SignalingClient> =>
    connectToDiscovery({
      wantedId: wanted.wantedId,
      secret: wanted.secret,
      url: server,
      device: identity.device,
      events: news,
      ...(signal === undefined ? {} : { signal }),
    });
  return connect(identity).catch((error: unknown) => {
    // Refused although nobody asked for it: an id that this directory had in a ring with shorter ids.
    if (error instanceof PeerError && error.code === 'bad-id' && identity.wantedId !== wantedId) {
      return connect({ wantedId, secret: undefined });
    }
    throw error;
  });
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}
