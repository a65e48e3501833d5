// WebRTC for Node: node-datachannel's polyfill, made fit for simple-peer. The only importer of node-datachannel, whose
// native code is loaded when the first peer of the process needs it.

import type { WebRtcImplementation } from '../links/webrtc-connection.ts';

/**
 * The library's threads end their work for a connection after `close` has returned, and a process once died in that time
 * without a word: so the garbage collector gets no connection before this has passed, milliseconds.
 */
const LINGER_MS = 10_000;

let loaded: Promise<WebRtcImplementation> | undefined;

/** Loads WebRTC, once for all peers of the process. Rejects where there is none for this system. */
export function loadNodeWebRtc(): Promise<WebRtcImplementation> {
  loaded ??= load({});
  return loaded;
}

/**
 * The same for one peer whose connections are to share a UDP port, which must be free: with hundreds of connections in a
 * process the library else spends most of its time on looking from socket to socket. Each peer needs a port of its own, since
 * packets are told apart by the other side's address. Connections that may run through a TURN server have their own ports.
 */
export function loadNodeWebRtcOnPort(port: number): Promise<WebRtcImplementation> {
  return load({ enableIceUdpMux: true, portRangeBegin: port, portRangeEnd: port });
}

async function load(sharedPort: object): Promise<WebRtcImplementation> {
  const polyfill = await importPolyfill();
  const { RTCIceCandidate, RTCSessionDescription } = polyfill;

  // A native channel breaks a moment before it says so, and meanwhile throws at whoever uses it. A browser's does not.
  class CalmChannel extends polyfill.RTCDataChannel {
    override send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
      try {
        super.send(data);
      } catch {
        // Nothing may follow what was lost.
        queueMicrotask(() => this.dispatchEvent(new Event('close')));
      }
    }

    override get bufferedAmount(): number {
      try {
        return super.bufferedAmount;
      } catch {
        return 0; // nothing will be sent any more
      }
    }
  }
  const calm = <Channel extends object>(channel: Channel): Channel =>
    Object.setPrototypeOf(channel, CalmChannel.prototype);

  const lingering = new Set<object>();

  class RTCPeerConnection extends polyfill.RTCPeerConnection {
    /** Local candidates found before the other side's description is known. */
    #early: Event[] | undefined = [];

    constructor(config: RTCConfiguration = {}) {
      const iceServers = config.iceServers ?? [];
      super({ ...config, ...(iceServers.some(isTurn) ? {} : sharedPort), iceServers: iceServers.map(urlSafe) });
    }

    override close(): void {
      super.close();
      if (lingering.has(this)) return;
      lingering.add(this);
      setTimeout(() => lingering.delete(this), LINGER_MS).unref();
    }

    // simple-peer writes to the sdp of what these return; the polyfill's own descriptions are read-only.
    override async createOffer(): Promise<RTCSessionDescriptionInit> {
      return plain(await super.createOffer());
    }

    override async createAnswer(): Promise<RTCSessionDescriptionInit> {
      return plain(await super.createAnswer());
    }

    // The native library drops the first packet of the DTLS handshake if it comes before the answer, and the other side
    // repeats it only after a second. So nobody is told of an offer's candidates before the answer is here: without them
    // the other side cannot send. Measured between two peers: links open in 60 ms instead of 1,000.
    override get localDescription(): globalThis.RTCSessionDescription {
      const { type, sdp } = super.localDescription;
      return new RTCSessionDescription({ type, sdp: type === 'offer' ? withoutCandidates(sdp) : sdp });
    }

    // The polyfill gives milliseconds where the standard wants seconds.
    override async getStats(): Promise<RTCStatsReport> {
      const report = await super.getStats();
      for (const stat of report.values()) {
        if (typeof stat.currentRoundTripTime === 'number') stat.currentRoundTripTime /= 1000;
      }
      return report;
    }

    override createDataChannel(
      ...parameters: Parameters<typeof polyfill.RTCPeerConnection.prototype.createDataChannel>
    ) {
      return calm(super.createDataChannel(...parameters));
    }

    override dispatchEvent(event: Event): boolean {
      if (event instanceof polyfill.RTCDataChannelEvent) calm(event.channel);
      if (event.type !== 'icecandidate' || this.#early === undefined) return super.dispatchEvent(event);
      this.#early.push(event);
      return true;
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription(description);
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const event of early) super.dispatchEvent(event);
    }
  }

  return { RTCPeerConnection, RTCIceCandidate, RTCSessionDescription, turnNeedsUdp: true };
}

async function importPolyfill() {
  try {
    return await import('node-datachannel/polyfill');
  } catch (error) {
    const system = `${process.platform} on ${process.arch}`;
    throw new Error(`WebRTC cannot be loaded (${system}): run "npm ci", without leaving out optional packages`, {
      cause: error,
    });
  }
}

function isTurn({ urls }: RTCIceServer): boolean {
  return [urls].flat().some((url) => url.startsWith('turn'));
}

/** The polyfill puts both into a URL as they are; names of time-limited TURN accounts have a colon in them. */
function urlSafe(server: RTCIceServer): RTCIceServer {
  const { username, credential } = server;
  if (username === undefined || credential === undefined) return server;
  return { ...server, username: encodeURIComponent(username), credential: encodeURIComponent(credential) };
}

function plain({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type, sdp };
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
}
