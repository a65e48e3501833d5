// Two nodes with WebRtcLinks over the fake WebRTC and relay, for the link layer's tests.

import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { HIGH_WATER_BYTES } from '../../src/links/limits.ts';
import { WebRtcLinks } from '../../src/links/webrtc-links.ts';
import { LinkProbe } from '../contracts/link-probe.ts';
import { FakeNetwork, FakeRelay } from './fake-webrtc.ts';

export function nodeId(prefix: string): NodeId {
  const id = idFromPrefix(prefix, 4);
  if (id === undefined) throw new Error(`${prefix} is no id`);
  return id;
}

export interface TestNode {
  readonly id: NodeId;
  readonly links: WebRtcLinks;
  readonly probe: LinkProbe;
}

export class TestRing {
  readonly network = new FakeNetwork();
  readonly relay = new FakeRelay();
  #attempts = 0;

  /** A node; a second one of the same id takes its place, as a reloaded tab does. */
  node(prefix: string): TestNode {
    const id = nodeId(prefix);
    const links = new WebRtcLinks({
      self: id,
      signalling: this.relay.at(id),
      iceServers: () => [],
      connect: this.network.connect,
      newAttempt: () => {
        this.#attempts += 1;
        return this.#attempts.toString(16).padStart(16, '0');
      },
    });
    return { id, links, probe: new LinkProbe(links, HIGH_WATER_BYTES) };
  }

  /** The types of the signals sent so far, in order. */
  get signalTypes(): string[] {
    return this.relay.sent.map(({ signal }) => String(JSON.parse(signal).type));
  }
}

/** Lets everything happen that is on its way. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
