// Of the packages that are measured, what their pages use. simple-peer's published types pull Node's globals into the
// browser; the others are not among this project's dependencies (../contenders.ts installs them).

declare module 'simple-peer/simplepeer.min.js' {
  class SimplePeer {
    constructor(options: { initiator: boolean; objectMode: boolean; config: RTCConfiguration });
    readonly _channel: RTCDataChannel | null;
    signal(signal: SimplePeer.SignalData): void;
    send(chunk: Uint8Array): void;
    write(chunk: Uint8Array): boolean;
    on(event: 'signal', listener: (signal: SimplePeer.SignalData) => void): this;
    on(event: 'connect' | 'drain', listener: () => void): this;
    on(event: 'data', listener: (chunk: Uint8Array) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  namespace SimplePeer {
    type SignalData = object;
  }
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default SimplePeer;
}

declare module 'peerjs' {
  export interface DataConnection {
    readonly dataChannel: RTCDataChannel;
    send(data: Uint8Array): void;
    on(event: 'open', listener: () => void): void;
    on(event: 'data', listener: (data: Uint8Array | ArrayBuffer) => void): void;
  }
  export class Peer {
    constructor(options: { host: string; port: number; path: string; config: RTCConfiguration });
    connect(name: string, options: { reliable: boolean; serialization?: 'raw' }): DataConnection;
    on(event: 'open', listener: (name: string) => void): void;
    on(event: 'connection', listener: (connection: DataConnection) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
  }
}

declare module 'webtorrent' {
  export interface Torrent {
    readonly torrentFile: Uint8Array;
    readonly length: number;
    on(event: 'wire' | 'done' | 'trackerAnnounce', listener: () => void): void;
  }
  class WebTorrent {
    constructor(options: { dht: boolean; tracker: { rtcConfig: RTCConfiguration } });
    seed(file: File, options: { announce: readonly string[] }): Torrent;
    add(torrentFile: Uint8Array): Torrent;
    on(event: 'error', listener: (error: Error) => void): void;
  }
  // biome-ignore lint/style/noDefaultExport: it is how the package exports it
  export default WebTorrent;
}
