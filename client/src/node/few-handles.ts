// Each callback that is given to the native library costs a handle of libuv, which goes round all of them, cold memory, whenever
// any of them has something to tell: with the 500 ends of links of 24 peers that took 0.2 ms each time, more than what was done
// for a message. So a connection has those alone that somebody waits for as long as it lasts; what happens only while it is being
// set up is looked for.

type Described = (sdp: string, type: string) => void;
type Found = (candidate: string, mid: string) => void;
type Changed = (state: string) => void;
type Opened = (channel: object) => void;

/** Of the library's connections, what is used here. */
interface NativeConnection {
  localDescription(): { readonly type: string; readonly sdp: string } | null;
  gatheringState(): string;
  onDataChannel(opened: Opened): void;
  createDataChannel(label: string, options?: object): object;
  setRemoteDescription(sdp: string, type: string): void;
  close(): void;
}

/** Between looks for candidates, milliseconds, twice as long each time: a machine's own are there at once, a server's take longer. */
const FIRST_LOOK_MS = 1;
const MAX_LOOK_MS = 50;
/** A connection has one channel, and so one section in its description. */
const MID = '0';

/** The same connection, whose own methods go before the library's. */
export function withFewHandles<Connection extends NativeConnection>(connection: Connection): Connection {
  const library: NativeConnection = Object.getPrototypeOf(connection);
  let described: Described | undefined;
  let opened: Opened | undefined;
  const gathering = new Gathering({
    isComplete: () => library.gatheringState.call(connection) === 'complete',
    sdp: () => library.localDescription.call(connection)?.sdp ?? '',
  });
  /** The calls that lead to a description have made it when they return. */
  const tellDescription = (): void => {
    const description = library.localDescription.call(connection);
    if (!description) return;
    described?.(description.sdp, description.type);
    gathering.begin();
  };
  return Object.defineProperties(connection, {
    onLocalDescription: method((callback: Described) => {
      described = callback;
    }),
    onLocalCandidate: method((callback: Found) => {
      gathering.found = callback;
    }),
    onGatheringStateChange: method((callback: Changed) => {
      gathering.changed = callback;
    }),
    gatheringState: method(() => gathering.state),
    // Nothing is negotiated anew here.
    onSignalingStateChange: method(() => undefined),
    onDataChannel: method((callback: Opened) => {
      opened = callback;
    }),
    createDataChannel: method((label: string, options?: object) => {
      const channel = withoutErrors(library.createDataChannel.call(connection, label, options));
      tellDescription();
      return channel;
    }),
    setRemoteDescription: method((sdp: string, type: string) => {
      // Whoever offers has made the channel.
      if (type === 'offer') library.onDataChannel.call(connection, (channel) => opened?.(withoutErrors(channel)));
      library.setRemoteDescription.call(connection, sdp, type);
      if (type === 'offer') tellDescription();
    }),
    close: method(() => {
      gathering.stop();
      library.close.call(connection);
    }),
  });
}

interface GatheringHost {
  isComplete(): boolean;
  /** The local description, with all candidates found so far. */
  sdp(): string;
}

/** Looks for candidates until the library has found all. */
class Gathering {
  found: Found | undefined;
  changed: Changed | undefined;
  state: 'new' | 'gathering' | 'complete' = 'new';
  readonly #host: GatheringHost;
  readonly #told = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: GatheringHost) {
    this.#host = host;
  }

  begin(): void {
    this.state = 'gathering';
    this.#lookIn(FIRST_LOOK_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #lookIn(delayMs: number): void {
    this.#timer = setTimeout(() => this.#look(delayMs), delayMs);
  }

  #look(delayMs: number): void {
    // Asked first: what is found afterwards is in the description all the same.
    const isComplete = this.#host.isComplete();
    for (const [line] of this.#host.sdp().matchAll(/^a=candidate:[^\r\n]*/gm)) {
      if (this.#told.has(line)) continue;
      this.#told.add(line);
      this.found?.(line, MID);
    }
    if (!isComplete) return this.#lookIn(Math.min(2 * delayMs, MAX_LOOK_MS));
    this.state = 'complete';
    this.changed?.(this.state);
  }
}

/** The library tells of none: a channel that breaks closes. */
function withoutErrors(channel: object): object {
  return Object.defineProperties(channel, { onError: method(() => undefined) });
}

function method(value: (...parameters: never[]) => unknown): PropertyDescriptor {
  return { value };
}
