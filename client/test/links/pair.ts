// Nodes with WebRtcLinks over the fake WebRTC and relay, for the link layer's tests.

import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { HIGH_WATER_BYTES } from '../../src/links/limits.ts';
import { encodeSignal, type Signal } from '../../src/links/signal.ts';
import { SignalProofs } from '../../src/links/signal-proofs.ts';
import { WebRtcLinks } from '../../src/links/webrtc-links.ts';
import type { WebRtcLinksOptions } from '../../src/links/webrtc-links-options.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import { LinkProbe } from '../contracts/link-probe.ts';
import { SwappingSignalling } from '../contracts/swapping-signalling.ts';
import { Authority, type CertifiedOptions } from '../trust/authority.ts';
import { cheapSuite } from '../trust/cheap-suite.ts';
import { FakeNetwork, FakeRelay } from './fake-webrtc.ts';

export function nodeId(prefix: string): NodeId {
  const id = idFromPrefix(prefix, 4);
  if (id === undefined) throw new Error(`${prefix} is no id`);
  return id;
}

export interface TestNode {
  readonly id: NodeId;
  readonly credentials: Credentials;
  readonly links: WebRtcLinks;
  readonly probe: LinkProbe;
  /** A signal that this node would send to `to`. */
  sign(to: NodeId, signal: Signal): Promise<string>;
}

/** Its nodes know of each other, so that they offer at once; strangers call first. */
export class TestRing {
  readonly network = new FakeNetwork();
  readonly relay = new FakeRelay();
  /** Of this ring. Signs at once, without waiting for threads. */
  readonly authority: Authority;
  readonly #areStrangers: boolean;
  readonly #nodes: TestNode[] = [];
  #attempts = 0;
  #epoch = 0;

  private constructor(authority: Authority, areStrangers: boolean) {
    this.authority = authority;
    this.#areStrangers = areStrangers;
  }

  static async create(areStrangers = false): Promise<TestRing> {
    return new TestRing(await Authority.create(cheapSuite), areStrangers);
  }

  /** A node, in a new life; a second one of the same id takes its place, as a reloaded tab does. */
  async node(
    prefix: string,
    options: Partial<WebRtcLinksOptions> = {},
    certified: CertifiedOptions = {},
  ): Promise<TestNode> {
    const id = nodeId(prefix);
    this.#epoch += 1;
    const credentials = await this.authority.credentials(id, { epoch: this.#epoch, ...certified });
    const relay = new SwappingSignalling(this.relay.at(id));
    const links = new WebRtcLinks({
      ...{ self: id, credentials, signalling: relay, iceServers: () => [], connect: this.network.connect },
      newAttempt: () => {
        this.#attempts += 1;
        return this.#attempts.toString(16).padStart(16, '0');
      },
      ...options,
    });
    const proofs = new SignalProofs(credentials, () => 0);
    const sign = (to: NodeId, signal: Signal): Promise<string> => proofs.sign(to, encodeSignal(signal));
    const node = { id, credentials, links, probe: new LinkProbe(links, HIGH_WATER_BYTES, relay), sign };
    if (!this.#areStrangers) this.#introduce(node);
    return node;
  }

  /** The types of the signals sent so far, in order. */
  get signalTypes(): string[] {
    return this.relay.sent.map(({ signal }) => String(bodyOf(signal).type));
  }

  #introduce(node: TestNode): void {
    for (const other of this.#nodes) {
      other.links.introduce(node.credentials.certificate);
      node.links.introduce(other.credentials.certificate);
    }
    this.#nodes.push(node);
  }
}

/** What a signal says. */
export function bodyOf(signal: string): Record<string, unknown> {
  return JSON.parse(signal.slice(signal.indexOf('{')));
}

/** Lets everything happen that is on its way. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
