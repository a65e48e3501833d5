// One RTCPeerConnection with one ordered, reliable channel: simple-peer behind a small interface, and its only importer.
// Known of simple-peer: it tells nothing of `disconnected`, its write() crawls, data may come before 'connect'.

import SimplePeer, { type SimplePeerStat } from 'simple-peer';
import { ConnectionLedger } from './connection-ledger.ts';
import { shownFingerprint } from './fingerprint.ts';
import { LOW_WATER_BYTES } from './limits.ts';
import { OpeningGate } from './opening-gate.ts';
import type { Channel } from './send-queue.ts';
import type { Candidate } from './signal.ts';

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string | undefined;
  readonly credential?: string | undefined;
}

/** WebRTC where there is none by nature, as in Node: the constructors of a package. */
export interface WebRtcImplementation {
  readonly RTCPeerConnection: unknown;
  readonly RTCSessionDescription: unknown;
  readonly RTCIceCandidate: unknown;
  /** What is to be said of it where it has reached none of the TURN servers among these; undefined: nothing, or there are none. */
  readonly turnAdvice: (iceServers: readonly IceServer[]) => string | undefined;
  /** The fingerprint of the DTLS certificate that the other end of a connection has shown, `AB:CD:…`; undefined if it cannot be known. */
  readonly remoteFingerprint: (connection: object) => string | undefined;
}

export interface ConnectionOptions {
  readonly initiator: boolean;
  /** All there are: empty means that no server is asked. */
  readonly iceServers: readonly IceServer[];
  /** Default: the browser's own. */
  readonly webRtc?: WebRtcImplementation | undefined;
}

export interface Description {
  readonly type: 'offer' | 'answer';
  readonly sdp: string;
}

/** None of these is called from within a call of Connection's methods or of `Connect`. */
export interface ConnectionEvents {
  description(description: Description): void;
  candidate(candidate: Candidate): void;
  /** No more candidates are looked for. */
  gathered(): void;
  /** A change of RTCPeerConnection.iceConnectionState. */
  iceState(state: string): void;
  /** `fingerprint` (fingerprint.ts): of the DTLS certificate that the other end has shown, where that can be known. */
  open(fingerprint: string | undefined): void;
  message(message: Uint8Array | string): void;
  /** The channel's buffer fell to LOW_WATER_BYTES. */
  low(): void;
  /** Once, however it came; `error` if something failed. Nothing comes after it. */
  closed(error: ConnectionError | undefined): void;
}

export interface ConnectionError {
  /** simple-peer's code, such as ERR_PC_CONSTRUCTOR: no more connections now. ERR_WEBRTC_SUPPORT: never any. */
  readonly code: string;
  readonly message: string;
}

/** What the browser tells of an open connection. */
export interface ConnectionStats {
  /** Undefined while the browser does not say. */
  readonly path: 'direct' | 'turn' | 'server' | undefined;
  /** Milliseconds. */
  readonly rttMs: number | undefined;
}

export interface Connection extends Channel {
  describe(description: Description): void;
  /** Throws if the browser cannot read the candidate. */
  addCandidate(candidate: Candidate): void;
  /** Never rejects. */
  stats(): Promise<ConnectionStats>;
  destroy(): void;
}

/** Throws if there is no WebRTC here. */
export type Connect = (options: ConnectionOptions, events: ConnectionEvents) => Connection;

/** Of this page; packages for Node have no such limit. */
const ledger = new ConnectionLedger();

/** How many connections of this page exist, closed ones included until the browser has freed them. */
export function connectionsNotFreed(): number {
  return ledger.unfreed;
}

export const connectWebRtc: Connect = (options, events) => {
  const isCounted = options.webRtc === undefined;
  const hasRoom = !isCounted || ledger.hasRoom();
  if (!hasRoom) return refused(events);
  const peer = new SimplePeer({
    initiator: options.initiator,
    channelName: 'tabring',
    trickle: true,
    objectMode: true,
    config: { iceServers: options.iceServers },
    wrtc: options.webRtc,
  });
  connectAtOnce(peer);
  const closed = isCounted && peer._pc ? ledger.made(peer._pc) : () => undefined;
  const gate = new OpeningGate(events, () => peer.destroy());
  let error: ConnectionError | undefined;

  // The other end may be told of the open channel first, and its first frames then arrive here before 'connect'.
  const open = () => {
    if (!gate.isShut) return;
    const channel = peer._channel;
    if (channel) {
      channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
      channel.addEventListener('bufferedamountlow', () => events.low());
    }
    gate.open(shownFingerprint(peer._pc, options.webRtc));
  };

  peer.on('signal', ({ type, sdp, candidate }) => {
    if (candidate !== undefined) events.candidate(candidate);
    else if (sdp !== undefined && (type === 'offer' || type === 'answer')) events.description({ type, sdp });
  });
  peer.on('iceStateChange', (state, gathering) => {
    if (gathering === 'complete') events.gathered();
    events.iceState(state);
  });
  peer.on('connect', open);
  hearAtOnce(peer, (message) => {
    open();
    gate.message(message);
  });
  peer.on('error', ({ code, message }) => {
    // Who may not make the first has not made too many.
    const isNone = isCounted && code === 'ERR_PC_CONSTRUCTOR' && ledger.unfreed === 0;
    error = { code: isNone ? 'ERR_WEBRTC_SUPPORT' : (code ?? 'ERR_UNKNOWN'), message };
  });
  peer.on('close', () => {
    peer.removeAllListeners();
    gate.close();
    closed();
    events.closed(error);
  });

  return {
    get bufferedAmount() {
      return peer._channel?.bufferedAmount ?? 0;
    },
    send(chunk) {
      if (peer.destroyed || peer.destroying) return;
      // A channel that is closing refuses with an exception before it says that it has closed.
      if (peer._channel?.readyState === 'open') peer.send(chunk);
      else peer.destroy();
    },
    describe(description) {
      if (!peer.destroyed) peer.signal(description);
    },
    addCandidate(candidate) {
      if (!peer.destroyed) peer.signal({ type: 'candidate', candidate });
    },
    // simple-peer's own way to ask is for browsers of long ago.
    stats: async () => statsOf([...((await peer._pc?.getStats().catch(() => undefined))?.values() ?? [])]),
    destroy: () => peer.destroy(),
  };
};

/**
 * By itself simple-peer asks for statistics until it knows both ends' addresses, which nobody here wants, before it tells that the
 * channel is open: work for each link, and time in which the link could be used.
 */
function connectAtOnce(peer: SimplePeer): void {
  peer._maybeReady = () => {
    if (peer._connected || !peer._pcReady || !peer._channelReady) return;
    peer._connected = true;
    peer.emit('connect');
  };
}

/** By itself simple-peer hands each message to a stream, which wraps it and has a turn of its own for each. */
function hearAtOnce(peer: SimplePeer, heard: (message: Uint8Array | string) => void): void {
  peer._onChannelMessage = ({ data }) => {
    if (!peer.destroyed) heard(typeof data === 'string' ? data : new Uint8Array(data));
  };
}

/** A connection that fails as Chromium's 500th would, and before it. */
function refused(events: ConnectionEvents): Connection {
  const error = { code: 'ERR_PC_CONSTRUCTOR', message: 'closed connections are not freed yet' };
  queueMicrotask(() => events.closed(error));
  const nothing = () => undefined;
  const stats = async (): Promise<ConnectionStats> => statsOf([]);
  return { bufferedAmount: 0, send: nothing, describe: nothing, addCandidate: nothing, stats, destroy: nothing };
}

/** Reads the path in use out of a report of RTCPeerConnection.getStats(). */
function statsOf(items: readonly SimplePeerStat[]): ConnectionStats {
  const byId = new Map(items.map((item) => [item.id, item]));
  const transport = items.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  // Firefox marks the pair itself.
  const pair =
    byId.get(transport?.selectedCandidatePairId ?? '') ??
    items.find(({ type, state, nominated }) => type === 'candidate-pair' && state === 'succeeded' && nominated);
  if (pair === undefined) return { path: undefined, rttMs: undefined };
  const ends = [pair.localCandidateId, pair.remoteCandidateId].map((id) => byId.get(id ?? '')?.candidateType);
  const path = ends.includes('relay') ? 'turn' : 'direct';
  const seconds = pair.currentRoundTripTime;
  return { path, rttMs: typeof seconds === 'number' ? seconds * 1000 : undefined };
}
