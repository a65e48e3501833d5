// WebRTC for Node: node-datachannel's polyfill, made fit for simple-peer. The only importer of node-datachannel, whose
// native code is loaded when the first peer of the process needs it.

import type { CertificateFingerprint } from 'node-datachannel';
import type { IceServer, WebRtcImplementation } from '../links/webrtc-connection.ts';
import { withFewHandles } from './few-handles.ts';

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
  const { polyfill, PeerConnection } = await importLibrary();
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

    // simple-peer listens by `onmessage` alone, and an event takes as long to go round as what is done for it.
    override dispatchEvent(event: Event): boolean {
      if (!(event instanceof MessageEvent) || this.onmessage === null) return super.dispatchEvent(event);
      this.onmessage(event);
      return true;
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
    readonly #native: () => InstanceType<typeof PeerConnection> | undefined;
    /** Local candidates found before the other side's description is known. */
    #early: Event[] | undefined = [];
    /** What the other side says, once it was looked at. */
    #remote: globalThis.RTCSessionDescription | undefined;

    constructor(config: RTCConfiguration = {}) {
      const { iceServers = [], iceTransportPolicy = 'all' } = config;
      const ports = iceServers.some(isTurn) ? {} : sharedPort;
      let native: InstanceType<typeof PeerConnection> | undefined;
      super({
        ...config,
        // Asked for after the polyfill has checked the rest. Its own would be the same, and out of reach.
        get peerConnection() {
          native ??= withFewHandles(
            new PeerConnection('tabring', { ...ports, iceTransportPolicy, iceServers: iceServers.flatMap(urlsOf) }),
          );
          return native;
        },
      });
      this.#native = () => native;
    }

    /** Of the certificate that the other end has shown in the DTLS handshake. */
    get shownFingerprint(): string | undefined {
      try {
        const shown: Partial<CertificateFingerprint> | undefined = this.#native()?.remoteFingerprint();
        return shown?.algorithm === 'sha-256' ? shown.value : undefined;
      } catch {
        return undefined; // there is no handshake yet, or no connection any more
      }
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

    // What links ask for (links/webrtc-connection.ts), and in seconds, as the standard has it. The polyfill gives milliseconds, and
    // asks the library for more: each question waits for its threads.
    override async getStats(): Promise<RTCStatsReport> {
      const native = this.#native();
      const pair = native?.getSelectedCandidatePair();
      const rttMs = native?.rtt();
      if (!pair) return new Map();
      const { local, remote } = pair;
      const times = typeof rttMs === 'number' ? { currentRoundTripTime: rttMs / 1000 } : {};
      const ends = { localCandidateId: 'local', remoteCandidateId: 'remote' };
      return new Map<string, object>([
        ['local', { id: 'local', type: 'local-candidate', candidateType: local.type }],
        ['remote', { id: 'remote', type: 'remote-candidate', candidateType: remote.type }],
        ['pair', { id: 'pair', type: 'candidate-pair', state: 'succeeded', nominated: true, ...ends, ...times }],
        ['transport', { id: 'transport', type: 'transport', selectedCandidatePairId: 'pair' }],
      ]);
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

    // simple-peer looks several times for each candidate whether there is one, and each time the library would write it anew.
    override get remoteDescription(): globalThis.RTCSessionDescription {
      this.#remote ??= super.remoteDescription;
      return this.#remote;
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription(description);
      this.#remote = undefined;
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const event of early) super.dispatchEvent(event);
    }
  }

  const remoteFingerprint = (connection: object): string | undefined =>
    connection instanceof RTCPeerConnection ? connection.shownFingerprint : undefined;
  return { RTCPeerConnection, RTCIceCandidate, RTCSessionDescription, turnAdvice, remoteFingerprint };
}

async function importLibrary() {
  try {
    const { PeerConnection } = await import('node-datachannel');
    return { PeerConnection, polyfill: await import('node-datachannel/polyfill') };
  } catch (error) {
    const system = `${process.platform} on ${process.arch}`;
    throw new Error(`WebRTC cannot be loaded (${system}): run "npm ci", without leaving out optional packages`, {
      cause: error,
    });
  }
}

function turnAdvice(iceServers: readonly IceServer[]): string | undefined {
  const advice =
    'A Node peer uses TURN servers over UDP only, and none was reached that way: UDP seems to be blocked here.';
  return iceServers.some(isTurn) ? advice : undefined;
}

function isTurn({ urls }: { readonly urls: string | readonly string[] }): boolean {
  return [urls].flat().some((url) => url.startsWith('turn'));
}

/** As the native library wants them: with the account in the URL. Names of time-limited TURN accounts have a colon in them. */
function urlsOf({ urls, username, credential }: RTCIceServer): string[] {
  if (username === undefined || credential === undefined) return [urls].flat();
  const account = `${encodeURIComponent(username)}:${encodeURIComponent(credential)}`;
  return [urls].flat().map((url) => url.replace(/:/, `:${account}@`));
}

function plain({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type, sdp };
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(candidate:.*|end-of-candidates)\r?\n/gm, '');
}
