// Puts a tab's peer together from the browser's adapters: identity, Discovery node, links, storage.

import type { OwnIdentity, RingFacts } from '../links/registration.ts';
import { connectToDiscovery, type SignalingClient } from '../links/signaling-client.ts';
import { WebRtcLinks } from '../links/webrtc-links.ts';
import { PeerError } from '../peer/errors.ts';
import { lazily } from '../peer/lazily.ts';
import { Peer } from '../peer/peer.ts';
import type { LinkLayer } from '../peer/ports.ts';
import { randomId } from '../peer/random-id.ts';
import { sha256 } from '../peer/sha256.ts';
import { SystemClock } from '../peer/system-clock.ts';
import { leaseBrowserIdentity, profileSettings } from '../stores/browser-identity.ts';
import { IdbBlockStore } from '../stores/idb-block-store.ts';
import { IdbSettings } from '../stores/idb-settings.ts';
import type { IdentityLease } from '../stores/identity-lease.ts';
import { RingPins } from '../stores/ring-pins.ts';
import { type KeySuite, keySuite } from '../trust/key-suite.ts';
import type { Entry } from '../trust/ring-entry.ts';
import { DiscoveryNews } from './discovery-news.ts';
import type { Notice, Wait } from './text/news.ts';

export interface TabOptions {
  /** Where the Discovery node listens, which serves the page too: its address without what follows the last slash. */
  readonly url: string;
  /** An id or hex prefix that the page's address asks for. */
  readonly wantedId: string | undefined;
  /** A key of the Discovery node's other than that of the first visit, which the user has accepted. */
  readonly acceptedRingKey: string | undefined;
  /** The way into a closed ring. */
  readonly entry: Entry;
  /** Called while the first registration takes its time. */
  readonly waiting: (wait: Wait) => void;
  /** Called with what the user should know. */
  readonly notify: (notice: Notice) => void;
  /** Called with the script of the page that the Discovery node serves now. */
  readonly served: (page: string | undefined) => void;
}

export interface Tab {
  /** Registered, and not yet started: whoever listens from now on misses nothing. */
  readonly peer: Peer;
  /** The network is there again, or another one. */
  networkChanged(): void;
  /** Says goodbye to the ring and frees this tab's identity, synchronously. */
  goodbye(): void;
}

/** Rejects with a PeerError: bad-id, storage, ring-key-changed (RingKeyChanged), ring-closed. */
export async function composeTab(options: TabOptions): Promise<Tab> {
  // The first question to IndexedDB takes 50 ms, the others 5: it is asked while the Discovery node is greeted.
  void profileSettings(options.url)
    .get('')
    .catch(() => undefined);
  const suite = await keySuite();
  const news = new DiscoveryNews(options.waiting, options.notify, options.served);
  let lease: IdentityLease | undefined;
  let discovery: SignalingClient | undefined;
  try {
    const client = await connectToDiscovery({
      url: options.url,
      role: 'node',
      suite,
      comesBack: true,
      events: news,
      entry: options.entry,
      identify: async (ring) => {
        const pins = new RingPins(profileSettings(options.url), options.url);
        await stored(() => pins.check(ring.ringKey, options.acceptedRingKey));
        const leased = await stored(() => leaseFor(suite, ring, options));
        lease = leased;
        return pinned(leased, pins, ring);
      },
    });
    discovery = client;
    if (lease === undefined) throw new Error('registered without an identity');
    const identity = lease;
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
    lease?.release();
    throw error;
  }
}

function leaseFor(
  suite: KeySuite,
  { ringKey, params }: RingFacts,
  { url, wantedId }: TabOptions,
): Promise<IdentityLease> {
  return leaseBrowserIdentity(url, suite, { key: ringKey, digits: params.digits }, wantedId);
}

/** The leased identity, which remembers the ring's key as soon as a certificate has proved it. */
function pinned(lease: IdentityLease, pins: RingPins, { ringKey }: RingFacts): OwnIdentity {
  const { keys, device, wantedId, certificate } = lease;
  return {
    ...{ keys, device, wantedId, certificate },
    certified: (issued) =>
      stored(async () => {
        await pins.pin(ringKey);
        await lease.certified(issued);
      }),
  };
}

async function createPeer(options: TabOptions, identity: IdentityLease, discovery: SignalingClient): Promise<Peer> {
  const { nodeId, credentials, wantedIdRefusal } = discovery;
  const { name, former } = identity;
  const store = await IdbBlockStore.open(name);
  // Of a newcomer that wished for nothing there is nothing to say.
  if (former !== undefined || wantedIdRefusal !== undefined) {
    const blocks = (await store.list()).length;
    const outcome = { nodeId, former, blocks, wantedId: options.wantedId, refusal: wantedIdRefusal };
    options.notify({ kind: 'identity', outcome });
  }
  const settings = new IdbSettings(name);
  // Not needed for the page to appear; without it a store that is broken off is begun anew.
  const journals = lazily(async () => {
    const { SettingsJournals } = await import('../peer/settings-journals.ts');
    return new SettingsJournals(settings);
  });
  void journals.whenThere();
  let links: LinkLayer = new WebRtcLinks({
    self: nodeId,
    credentials,
    signalling: discovery,
    isNamed: (peer) => peer === discovery.sponsor,
    iceServers: () => discovery.iceServers,
  });
  if (discovery.relays) {
    const { overServer } = await import('../links/server-links.ts');
    links = overServer(links, discovery);
  }
  return new Peer({
    ...{ discovery, credentials, store, sha256, links },
    settings,
    journals: {
      open: async (fileState) => (await journals.once().catch(console.error))?.open(fileState),
    },
    clock: new SystemClock(),
    seed: randomSeed(),
    newId: randomId,
    origin: options.url,
    calendar: () => Date.now(),
    ringTime: () => credentials.time.seconds * 1000,
  });
}

async function stored<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PeerError) throw error;
    throw new PeerError('storage', 'The browser refuses to open its storage. Private windows can cause this.', error);
  }
}

function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
