// The part of simple-peer 9.11 that webrtc-connection.ts uses. Its published types pull Node's globals into the browser.
// `_channel` is not public: simple-peer tells nobody that its channel has drained except through its slow stream. Nor is
// `_pc`: it is watched, and asked for statistics. How it comes to be connected, and hears, is its own affair too, and replaced (connectAtOnce, hearAtOnce).

declare module 'simple-peer' {
  interface SimplePeerSignal {
    readonly type: string;
    readonly sdp?: string;
    readonly candidate?: {
      readonly candidate: string;
      readonly sdpMLineIndex: number | null;
      readonly sdpMid: string | null;
    };
  }

  /** Of a report of RTCPeerConnection.getStats(), what is read here; any of it may be missing. */
  interface SimplePeerStat {
    readonly id: string;
    readonly type: string;
    readonly selectedCandidatePairId?: string;
    readonly state?: string;
    readonly nominated?: boolean;
    readonly localCandidateId?: string;
    readonly remoteCandidateId?: string;
    readonly candidateType?: string;
    /** Seconds. */
    readonly currentRoundTripTime?: number;
  }

  interface SimplePeerOptions {
    readonly initiator: boolean;
    readonly channelName: string;
    readonly trickle: boolean;
    /** Keeps message boundaries, and text apart from bytes. */
    readonly objectMode: boolean;
    readonly config: { readonly iceServers: readonly object[] };
    readonly wrtc?: object | undefined;
  }

  class SimplePeer {
    constructor(options: SimplePeerOptions);
    readonly destroyed: boolean;
    readonly destroying: boolean;
    readonly _pc: { getStats(): Promise<ReadonlyMap<string, SimplePeerStat>> } | null | undefined;
    readonly _channel: RTCDataChannel | null | undefined;
    readonly _pcReady: boolean;
    readonly _channelReady: boolean;
    _connected: boolean;
    /** Called whenever one of the two has become ready. */
    _maybeReady: () => void;
    /** Called with each message of the channel's, whose `binaryType` is `arraybuffer`. */
    _onChannelMessage: (event: { readonly data: string | ArrayBuffer }) => void;
    emit(event: 'connect'): boolean;
    signal(data: SimplePeerSignal): void;
    send(chunk: string | Uint8Array): void;
    destroy(): void;
    on(event: 'signal', listener: (signal: SimplePeerSignal) => void): this;
    on(event: 'iceStateChange', listener: (iceConnectionState: string, iceGatheringState: string) => void): this;
    on(event: 'connect' | 'close', listener: () => void): this;
    on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): this;
    removeAllListeners(): this;
  }

  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export { SimplePeer as default, type SimplePeerStat };
}
