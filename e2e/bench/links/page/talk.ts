// What the two tabs of a contender say to each other over their link: bulk that the far end acknowledges as a whole, and
// pings. The same for every contender that carries messages, so that only the links differ.

/** A contender's link, as it is used here. */
export interface Pipe {
  send(message: Uint8Array<ArrayBuffer>): void;
  /** Whether bulk should be sent now; Talk.drained is to be called when it has become true again. */
  hasRoom(): boolean;
}

/** Bytes of one message of bulk: the fastest size for a data channel. */
export const BULK_BYTES = 64 * 1024;

/** The first byte of a message. */
const BULK = 0;
const START = 1;
const ALL_HERE = 2;
const PING = 3;
const PONG = 4;

export class Talk {
  readonly #pipe: Pipe;
  readonly #bulk = new Uint8Array(BULK_BYTES).fill(0x5a);
  /** Messages of bulk still to be sent. */
  #left = 0;
  /** Bytes of bulk still to be received. */
  #awaited = 0;
  #allHere: () => void = () => undefined;
  #pong: () => void = () => undefined;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
    this.#bulk[0] = BULK;
  }

  /** Sends `bytes`, a multiple of BULK_BYTES; resolves with the milliseconds until the far end has them all. */
  async sendBulk(bytes: number): Promise<number> {
    const startedAt = performance.now();
    const arrived = new Promise<void>((resolve) => {
      this.#allHere = resolve;
    });
    this.#pipe.send(announcement(bytes));
    this.#left = bytes / BULK_BYTES;
    this.drained();
    await arrived;
    return performance.now() - startedAt;
  }

  /** Resolves with the milliseconds until the answer. */
  async ping(): Promise<number> {
    const startedAt = performance.now();
    const answered = new Promise<void>((resolve) => {
      this.#pong = resolve;
    });
    this.#pipe.send(Uint8Array.of(PING));
    await answered;
    return performance.now() - startedAt;
  }

  /** The pipe has room. */
  drained(): void {
    while (this.#left > 0 && this.#pipe.hasRoom()) {
      this.#left -= 1;
      this.#pipe.send(this.#bulk);
    }
  }

  received(message: Uint8Array): void {
    switch (message[0]) {
      case BULK:
        this.#awaited -= message.length;
        if (this.#awaited === 0) this.#pipe.send(Uint8Array.of(ALL_HERE));
        return;
      case START:
        this.#awaited = new DataView(message.buffer, message.byteOffset).getUint32(1);
        return;
      case ALL_HERE:
        return this.#allHere();
      case PING:
        return this.#pipe.send(Uint8Array.of(PONG));
      case PONG:
        return this.#pong();
      default:
        throw new Error(`a message that nobody sends: ${message[0]}`);
    }
  }
}

function announcement(bytes: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(5);
  message[0] = START;
  new DataView(message.buffer).setUint32(1, bytes);
  return message;
}
