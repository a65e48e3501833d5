// WebRTC without a network: connections that find each other by the "sdp" they exchange, and a relay between nodes.
// Everything happens in later turns of the event loop, as in a browser.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { describedFingerprint } from '../../src/links/fingerprint.ts';
import { LOW_WATER_BYTES } from '../../src/links/limits.ts';
import { type Signalling, SignallingError } from '../../src/links/signalling.ts';
import type {
  Connect,
  Connection,
  ConnectionEvents,
  ConnectionStats,
  Description,
} from '../../src/links/webrtc-connection.ts';

/** Bytes that the fake network takes from a channel's buffer in one turn. */
const BYTES_PER_TURN = 64 * 1024;

export class FakeConnection implements Connection {
  readonly events: ConnectionEvents;
  /** Its description. */
  readonly sdp: string;
  readonly candidates: string[] = [];
  remote: FakeConnection | undefined;
  destroyed = false;
  /** A network that takes nothing, as to a tab that was stopped. */
  stalled = false;
  #buffer: (Uint8Array | string)[] = [];
  #bufferedBytes = 0;
  #flowing = false;
  #isEstablished = false;
  readonly #network: FakeNetwork;

  /** What the other end's description says that its certificate is. */
  #expected: string | undefined;

  constructor(network: FakeNetwork, sdp: string, events: ConnectionEvents) {
    this.#network = network;
    this.sdp = sdp;
    this.events = events;
  }

  get bufferedAmount(): number {
    return this.#bufferedBytes;
  }

  send(chunk: Uint8Array | string): void {
    if (this.destroyed) return;
    this.#buffer.push(typeof chunk === 'string' ? chunk : chunk.slice());
    this.#bufferedBytes += chunk.length;
    this.flow();
  }

  describe(description: Description): void {
    this.remote = this.#network.find(description.sdp);
    this.#expected = describedFingerprint(description.sdp);
    if (description.type === 'offer') this.later(() => this.described('answer'));
    else if (this.#network.hasPaths) this.later(() => this.#established());
  }

  addCandidate({ candidate }: { candidate: string }): void {
    if (candidate === 'unreadable') throw new TypeError('unreadable candidate');
    this.candidates.push(candidate);
  }

  async stats(): Promise<ConnectionStats> {
    return { path: 'direct', rttMs: 3 };
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    const { remote } = this;
    queueMicrotask(() => this.events.closed(undefined));
    setImmediate(() => {
      if (this.#isEstablished && remote?.remote === this && !remote.stalled) remote.destroy();
    });
  }

  /** Its own description is made; there are no candidates. */
  described(type: Description['type']): void {
    this.events.description({ type, sdp: this.sdp });
    this.events.gathered();
  }

  later(then: () => void): void {
    setImmediate(() => {
      if (!this.destroyed) then();
    });
  }

  flow(): void {
    if (this.#flowing || this.stalled || this.#buffer.length === 0) return;
    this.#flowing = true;
    this.later(() => {
      this.#flowing = false;
      const before = this.#bufferedBytes;
      for (let taken = 0; taken < BYTES_PER_TURN; ) {
        const chunk = this.#buffer.shift();
        if (chunk === undefined) break;
        taken += chunk.length;
        this.#bufferedBytes -= chunk.length;
        const { remote } = this;
        remote?.later(() => remote.events.message(chunk));
      }
      if (before > LOW_WATER_BYTES && this.#bufferedBytes <= LOW_WATER_BYTES) this.events.low();
      this.flow();
    });
  }

  #established(): void {
    const ends = [this, this.remote].filter((end) => end !== undefined);
    const hasChannel = this.#network.hasChannels && ends.every((end) => end.#isProved());
    for (const end of ends) {
      end.later(() => {
        end.#isEstablished = true;
        end.events.iceState('connected');
        if (hasChannel) end.later(() => end.events.open(end.#shown()));
      });
    }
  }

  /** As DTLS sees to. */
  #isProved(): boolean {
    return !this.#network.checksFingerprints || this.#shown() === this.#expected;
  }

  /** Of the other end's certificate. */
  #shown(): string | undefined {
    return describedFingerprint(this.remote?.sdp ?? '');
  }
}

/** The description of the connection of this number. */
export function fakeSdp(number: number): string {
  const octets = (number + 1).toString(16).padStart(64, '0').match(/../g) ?? [];
  return `o=- ${number}\r\na=fingerprint:sha-256 ${octets.join(':')}\r\n`;
}

export class FakeNetwork {
  readonly connections: FakeConnection[] = [];
  /** False: a DTLS that lets anybody be the other end. */
  checksFingerprints = true;
  /** False: ICE finds no path. */
  hasPaths = true;
  /** False: a path is found, but no channel opens. */
  hasChannels = true;

  readonly connect: Connect = ({ initiator }, events) => {
    const connection = new FakeConnection(this, fakeSdp(this.connections.length), events);
    this.connections.push(connection);
    if (initiator) {
      connection.later(() => connection.described('offer'));
    }
    return connection;
  };

  /** Whose description this is: whatever else was changed in it, it leads there. */
  find(sdp: string): FakeConnection | undefined {
    const [, number] = /^o=- (\d+)/.exec(sdp) ?? [];
    return number === undefined ? undefined : this.connections[Number(number)];
  }

  /** Connections that nobody has closed. */
  get live(): readonly FakeConnection[] {
    return this.connections.filter(({ destroyed }) => !destroyed);
  }
}

/** Hands signals from node to node, in order. */
export class FakeRelay {
  readonly #handlerById = new Map<NodeId, (from: NodeId, signal: string) => void>();
  readonly sent: { from: NodeId; to: NodeId; signal: string }[] = [];
  /** Returns false to lose a signal. */
  passes: (from: NodeId, to: NodeId, signal: string) => boolean = () => true;

  /** As a Discovery node that was stopped. */
  isAway = false;

  /** As if this node were not registered. */
  forget(nodeId: NodeId): void {
    this.#handlerById.delete(nodeId);
  }

  at(self: NodeId): Signalling {
    return {
      send: async (to, signal) => {
        if (this.isAway) throw new SignallingError('away', 'it is away');
        this.sent.push({ from: self, to, signal });
        await new Promise((resolve) => setImmediate(resolve));
        const handler = this.#handlerById.get(to);
        if (handler === undefined) throw new SignallingError('unknown-peer', `${to} is not registered`);
        if (this.passes(self, to, signal)) setImmediate(() => handler(self, signal));
      },
      listen: (handler) => {
        this.#handlerById.set(self, handler);
      },
    };
  }
}
