// A member of the ring with one registration, whose owner has changed its program: an honest peer until it is told otherwise,
// that can say anything to any node that it is linked with, signed and sealed as well as its owner can.

import { randomBytes } from 'node:crypto';
import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { NodeHandle } from '../../src/core/pastry/node-handle.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { connectToDiscovery, type SignalingClient } from '../../src/links/signaling-client.ts';
import { WebRtcLinks } from '../../src/links/webrtc-links.ts';
import { loadNodeWebRtc } from '../../src/node/node-webrtc.ts';
import { Peer } from '../../src/peer/peer.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { SystemClock } from '../../src/peer/system-clock.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import type { Certificate } from '../../src/trust/certificate.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import { keySuite } from '../../src/trust/key-suite.ts';
import { createFrameCodec, type FrameCodec } from '../../src/wire/frame.ts';
import { HostileMachine, type Manners } from './hostile-machine.ts';
import type { Liar } from './liar.ts';
import { LyingStore } from './lying-store.ts';
import { TappedLinks } from './tapped-links.ts';
import { until } from './until.ts';

export interface HostilePeerOptions {
  readonly server: string;
  readonly wantedId?: NodeId | undefined;
}

/** Of what the Discovery node says to it. */
const DEAF = {
  ...{ registered: () => undefined, removed: () => undefined, displaced: () => undefined, away: () => undefined },
  ...{ refused: () => undefined, renewed: () => undefined, expired: () => undefined, notKept: () => undefined },
};

export class HostilePeer implements Liar {
  readonly peer: Peer;
  readonly discovery: SignalingClient;
  readonly links: TappedLinks;
  readonly codec: FrameCodec;
  readonly store = new LyingStore();
  readonly #machine: HostileMachine;

  private constructor(discovery: SignalingClient, links: TappedLinks) {
    const { credentials, params } = discovery;
    this.discovery = discovery;
    this.links = links;
    this.codec = createFrameCodec(params);
    let machine: HostileMachine | undefined;
    this.peer = new Peer({
      ...{ discovery, credentials, links, sha256 },
      store: this.store,
      settings: new MemorySettings(),
      clock: new SystemClock(),
      seed: randomBytes(4).readUInt32LE(),
      newId: () => randomBytes(16).toString('hex'),
      origin: 'http://localhost',
      calendar: () => Date.now(),
      ringTime: () => Date.now(),
      createNode: (config) => {
        machine = new HostileMachine(config);
        return machine;
      },
    });
    if (machine === undefined) throw new Error('the peer has made no machine');
    this.#machine = machine;
  }

  /** Registers, joins, and waits until it is active. */
  static async join({ server, wantedId }: HostilePeerOptions): Promise<HostilePeer> {
    const suite = await keySuite();
    const keys = await suite.create('raw');
    const discovery = await connectToDiscovery({
      ...{ url: server, role: 'node', suite, comesBack: false, events: DEAF },
      identify: async () => ({
        ...{ keys, device: randomBytes(12).toString('hex'), wantedId, certificate: undefined },
        certified: async () => undefined,
      }),
    });
    const { nodeId, credentials } = discovery;
    const inner = new WebRtcLinks({
      ...{ self: nodeId, credentials, signalling: discovery, webRtc: await loadNodeWebRtc() },
      iceServers: () => discovery.iceServers,
    });
    const hostile = new HostilePeer(discovery, new TappedLinks(inner));
    await hostile.peer.start();
    await until(() => hostile.peer.status === 'active');
    return hostile;
  }

  get nodeId(): NodeId {
    return this.discovery.nodeId;
  }

  get credentials(): Credentials {
    return this.discovery.credentials;
  }

  /** What it truly says of itself. */
  get handle(): NodeHandle {
    return this.handleOf(this.nodeId);
  }

  /** The same words in the name of another. */
  handleOf(nodeId: NodeId): NodeHandle {
    const { epoch, device } = this.discovery.credentials.certificate;
    return { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
  }

  certificateOf(nodeId: NodeId): Certificate {
    const certificate = this.links.certificateById.get(nodeId);
    if (certificate === undefined) throw new Error(`${nodeId} has shown it no certificate`);
    return certificate;
  }

  /** Waits until it is linked with all of them. */
  async linked(nodeIds: readonly NodeId[]): Promise<void> {
    await until(() => {
      for (const nodeId of nodeIds) if (!this.links.isOpen(nodeId)) this.links.connect(nodeId);
      return nodeIds.every((nodeId) => this.links.isOpen(nodeId));
    });
  }

  /** From now on it treats what it hears and says so, too; the rest as an honest node does. */
  behave(manners: Partial<Manners>): void {
    this.#machine.behave(manners);
  }

  /** Says it as it is. False if there is no link. */
  say(to: NodeId, message: Message): boolean {
    return this.sayRaw(to, this.codec.encodeMessage(message));
  }

  sayRaw(to: NodeId, frame: Uint8Array): boolean {
    if (!this.links.isOpen(to)) return false;
    this.links.send(to, frame);
    return true;
  }

  /** Brings signalling data to a linked node as if `claimed` had sent it. */
  saySignal(to: NodeId, claimed: NodeId, data: string): boolean {
    return this.say(to, {
      ...{ type: 'routed', id: randomBytes(16).toString('hex'), key: to, token: randomBytes(4).readUInt32LE() },
      ...{ route: [claimed, this.nodeId], payload: { kind: 'signal', data } },
    });
  }

  goodbye(): void {
    this.peer.goodbye();
  }
}
