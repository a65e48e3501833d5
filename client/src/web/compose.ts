// Puts a tab's peer together from the browser's adapters: identity, Discovery node, links, storage.

import { connectToDiscovery, type SignalingClient } from '../links/signaling-client.ts';
import { WebRtcLinks } from '../links/webrtc-links.ts';
import { PeerError } from '../peer/errors.ts';
import { Peer } from '../peer/peer.ts';
import { sha256 } from '../peer/sha256.ts';
import { SystemClock } from '../peer/system-clock.ts';
import { leaseBrowserIdentity } from '../stores/browser-identity.ts';
import { IdbBlockStore } from '../stores/idb-block-store.ts';
import { IdbSettings } from '../stores/idb-settings.ts';
import type { IdentityLease } from '../stores/identity.ts';
import { DiscoveryNews } from './discovery-news.ts';
import { shortId } from './text/format.ts';

export interface TabOptions {
  /** Where the Discovery node listens, which serves the page too: location.origin. */
  readonly url: string;
  /** An id or hex prefix that the page's address asks for. */
  readonly wantedId: string | undefined;
  /** Called with words while the first registration takes its time. */
  readonly waiting: (message: string) => void;
  /** Called with what the user should know. */
  readonly notify: (notice: string) => void;
}

export interface Tab {
  /** Registered, and not yet started: whoever listens from now on misses nothing. */
  readonly peer: Peer;
  /** The network is there again, or another one. */
  networkChanged(): void;
  /** Says goodbye to the ring and frees this tab's identity, synchronously. */
  goodbye(): void;
}

/** Rejects with a PeerError: bad-id, storage. */
export async function composeTab(options: TabOptions): Promise<Tab> {
  const identity = await leaseBrowserIdentity(options.wantedId).catch((error: unknown) => {
    throw new PeerError('storage', 'The browser refuses to open its storage. Private windows can cause this.', error);
  });
  const news = new DiscoveryNews(options.waiting);
  let discovery: SignalingClient | undefined;
  try {
    discovery = await register(options, identity, news);
    const client = discovery;
    const peer = await createPeer(options, identity, client);
    news.tell(peer);
    return {
      peer,
      networkChanged: () => {
        client.networkChanged();
        peer.networkChanged();
      },
      goodbye: () => {
        peer.goodbye();
        identity.release();
      },
    };
  } catch (error) {
    discovery?.leave();
    identity.release();
    throw error;
  }
}

async function register(options: TabOptions, identity: IdentityLease, news: DiscoveryNews): Promise<SignalingClient> {
  const { url, notify } = options;
  const { wantedId, secret, device } = identity;
  const connect = (wanted: Pick<IdentityLease, 'wantedId' | 'secret'>): Promise<SignalingClient> =>
    connectToDiscovery({ ...wanted, url, device, events: news });
  const discovery = await connect({ wantedId, secret }).catch((error: unknown) => {
    // Refused although the user did not ask for it: an id that this profile had in a ring with shorter ids.
    if (error instanceof PeerError && error.code === 'bad-id' && wantedId !== options.wantedId) {
      return connect({ wantedId: options.wantedId, secret: undefined });
    }
    throw error;
  });
  if (wantedId !== undefined && !discovery.wantedIdGranted) {
    notify(`Another open tab has the id ${shortId(wantedId)}, so this one got ${shortId(discovery.nodeId)} instead.`);
  }
  return discovery;
}

async function createPeer(options: TabOptions, identity: IdentityLease, discovery: SignalingClient): Promise<Peer> {
  const { nodeId, secret } = discovery;
  const { epoch } = await identity.settle(nodeId, secret);
  return new Peer({
    discovery,
    links: new WebRtcLinks({ self: nodeId, signalling: discovery, iceServers: () => discovery.iceServers }),
    store: await IdbBlockStore.open(nodeId),
    settings: new IdbSettings(nodeId),
    clock: new SystemClock(),
    sha256,
    device: identity.device,
    epoch,
    seed: randomSeed(),
    origin: options.url,
    calendar: () => Date.now(),
  });
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
