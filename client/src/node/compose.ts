// Puts a peer together in Node: identity, Discovery node, links over node-datachannel, storage in a directory or in memory.
// A process may have many.

import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../core/pastry/id.ts';
import { overServer } from '../links/server-links.ts';
import { connectToDiscovery, type SignalingClient } from '../links/signaling-client.ts';
import { WebRtcLinks } from '../links/webrtc-links.ts';
import type { LeaveReport } from '../peer/file-status.ts';
import type { PeerParts } from '../peer/parts.ts';
import { Peer } from '../peer/peer.ts';
import type { BlockStore, Settings } from '../peer/ports.ts';
import { randomId } from '../peer/random-id.ts';
import { SettingsJournals } from '../peer/settings-journals.ts';
import { sha256 } from '../peer/sha256.ts';
import { SystemClock } from '../peer/system-clock.ts';
import { openFsDirectory } from '../stores/fs-directory.ts';
import { leaseIdentity } from '../stores/identity.ts';
import type { IdentityLease } from '../stores/identity-lease.ts';
import { MemoryBlockStore } from '../stores/memory-block-store.ts';
import { MemoryKeyStore } from '../stores/memory-key-store.ts';
import { MemorySettings } from '../stores/memory-settings.ts';
import { type AskSecret, RingEntries } from '../stores/ring-entries.ts';
import { RingPins } from '../stores/ring-pins.ts';
import type { Role } from '../trust/certificate.ts';
import type { KeyStore } from '../trust/key-store.ts';
import { DiscoveryNews } from './discovery-news.ts';
import { identityText } from './identity-text.ts';
import { nodeKeySuite } from './node-key-suite.ts';
import { loadNodeWebRtc, loadNodeWebRtcOnPort } from './node-webrtc.ts';

export interface NodePeerOptions {
  /** Where the Discovery node listens, such as http://localhost:8080. */
  readonly server: string;
  /** An id or hex prefix to ask for. Default: the directory's last one, else any. */
  readonly wantedId?: string | undefined;
  /** client: of a command that is over in a moment, and no node of the ring. Default: node. */
  readonly role?: Role | undefined;
  /** What the peer is and holds is kept here; without it, in memory until it leaves. */
  readonly dir?: string | undefined;
  /** What it remembers of its files; default: as `dir` says. */
  readonly settings?: Settings | undefined;
  /** Bytes of blocks that it holds at most. Default: what there is room for. */
  readonly quotaBytes?: number | undefined;
  /** A free UDP port, which all its links share. Default: each link has its own. */
  readonly udpPort?: number | undefined;
  /** Start of file links. Default: the server's address. */
  readonly origin?: string | undefined;
  /** Accept the Discovery node's key even if it is another than at this directory's first visit. */
  readonly acceptRingKey?: boolean | undefined;
  /** Asked for the secret of a closed ring; by default there is none. */
  readonly askSecret?: AskSecret | undefined;
  /** What opens closed rings is kept here. Default: as the rest. */
  readonly entrySettings?: Settings | undefined;
  /** Called with what the user should know. */
  readonly notify?: ((notice: string) => void) | undefined;
  /** Called with the reason while the Discovery node cannot be reached or refuses; it is tried again until `signal` is aborted. */
  readonly waiting?: ((reason: string) => void) | undefined;
  /** Gives up the first registration. */
  readonly signal?: AbortSignal | undefined;
  /** Where stores that are broken off are remembered. Default: with the settings of this node. */
  readonly journals?: PeerParts['journals'];
  /** The core; a light client has another. */
  readonly createNode?: PeerParts['createNode'];
}

export interface NodePeer {
  /** Registered, and not yet started: whoever listens from now on misses nothing. */
  readonly peer: Peer;
  /** The random node of the ring that the Discovery node named; undefined if there is none. */
  readonly sponsor: NodeId | undefined;
  /** Hands blocks over, says goodbye, and closes the directory. Takes at most 26 seconds. Tells what nobody else holds. */
  leave(): Promise<LeaveReport>;
  /** Says goodbye at once and synchronously, without handing over; resolves when the directory is closed. */
  goodbye(): Promise<void>;
}

/** For the last words on links and to the Discovery node, which their layers send on their own, milliseconds. */
const LAST_WORDS_MS = 300;

interface Storage {
  readonly store: BlockStore;
  readonly settings: Settings;
  readonly keys: KeyStore;
  close(): Promise<void>;
}

/** Rejects with a PeerError: bad-id, storage, full, discovery-unreachable (`signal` was aborted), ring-key-changed, ring-closed. */
export async function composeNodePeer(options: NodePeerOptions): Promise<NodePeer> {
  const { udpPort, waiting = () => undefined, notify = () => undefined } = options;
  const webRtc = await (udpPort === undefined ? loadNodeWebRtc() : loadNodeWebRtcOnPort(udpPort));
  const storage = await openStorage(options);
  let discovery: SignalingClient | undefined;
  try {
    const news = new DiscoveryNews({ waiting, notify });
    const { client, identity } = await register(options, storage, news);
    discovery = client;
    const { nodeId, credentials, sponsor } = client;
    const blocks = (await storage.store.list()).length;
    const outcome = { nodeId, blocks, wantedId: options.wantedId, refusal: client.wantedIdRefusal };
    const notice = identityText({ ...outcome, former: identity.former });
    if (notice !== undefined) notify(notice);
    const links = new WebRtcLinks({
      self: nodeId,
      credentials,
      signalling: client,
      isNamed: (peer) => peer === client.sponsor,
      iceServers: () => client.iceServers,
      webRtc,
    });
    const peer = new Peer({
      ...{ discovery: client, credentials, sha256 },
      links: client.relays ? overServer(links, client) : links,
      store: storage.store,
      settings: storage.settings,
      clock: new SystemClock(),
      seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      newId: randomId,
      origin: options.origin ?? options.server,
      calendar: () => Date.now(),
      ringTime: () => credentials.time.seconds * 1000,
      journals: options.journals ?? new SettingsJournals(storage.settings),
      // Nobody has the time to ask it.
      cacheBytes: options.role === 'client' ? 0 : undefined,
      ...(options.createNode === undefined ? {} : { createNode: options.createNode }),
    });
    news.tell(peer);
    return {
      peer,
      sponsor,
      leave: async () => {
        const report = await peer.leave();
        await delay(LAST_WORDS_MS);
        await storage.close();
        return report;
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

async function openStorage({ dir, quotaBytes, settings = new MemorySettings() }: NodePeerOptions): Promise<Storage> {
  if (dir !== undefined) return openFsDirectory(dir, { quotaBytes });
  const store = new MemoryBlockStore(quotaBytes);
  return { store, settings, keys: new MemoryKeyStore(), close: () => store.close() };
}

async function register(
  options: NodePeerOptions,
  { settings, keys }: Storage,
  news: DiscoveryNews,
): Promise<{ readonly client: SignalingClient; readonly identity: IdentityLease }> {
  const { server, signal, wantedId, dir, role = 'node', acceptRingKey } = options;
  const { askSecret = async () => undefined, entrySettings = settings } = options;
  const suite = await nodeKeySuite();
  const pins = new RingPins(settings, server);
  let identity: IdentityLease | undefined;
  const client = await connectToDiscovery({
    ...{ role, suite, events: news, url: server, comesBack: dir !== undefined },
    ...(signal === undefined ? {} : { signal }),
    entry: new RingEntries(entrySettings, server, askSecret),
    identify: async ({ ringKey, params }) => {
      await pins.check(ringKey, acceptRingKey === true ? 'any' : undefined);
      const lease = await leaseIdentity({
        ...{ settings, keys, suite, wantedId, keyKind: 'raw' },
        // The directory has its own lock, so all that it knows is this peer's.
        locks: { take: async () => () => undefined },
        session: undefined,
        ring: { key: ringKey, digits: params.digits },
        now: () => Date.now(),
        randomHex,
      });
      identity = lease;
      return {
        ...{ keys: lease.keys, device: lease.device, wantedId: lease.wantedId, certificate: lease.certificate },
        certified: async (certificate) => {
          await pins.pin(ringKey);
          await lease.certified(certificate);
        },
      };
    },
  });
  if (identity === undefined) throw new Error('registered without an identity');
  return { client, identity };
}

function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex');
}
