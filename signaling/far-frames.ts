// Frames for tabs whose sockets another Discovery node of the ring holds (--relay with --redis): it hands them on, and says
// whether the tab has acknowledged them. Each asks all others, since only the one that holds the socket answers. Socket.IO's own
// acknowledgements across servers would wait for every server, also for one that hangs, and keep what a tab never acknowledges.

import type { Random } from './random.ts';
import type { RelayedFrame } from './relay-protocol.ts';
import type { TabServer } from './session.ts';

/** 128 random bits, as hex characters: no other Discovery node has this name. */
const NAME_CHARACTERS = 32;

interface FarFrame {
  /** Who asks, and its number of this question. */
  readonly server: string;
  readonly number: number;
  /** The socket. */
  readonly holder: string;
  readonly frame: RelayedFrame;
  /** How long the tab may take to acknowledge it, milliseconds. */
  readonly timeoutMs: number;
}

interface FarAnswer extends Pick<FarFrame, 'server' | 'number'> {
  readonly isReceived: boolean;
}

/** Between Discovery nodes of one ring. */
export interface FarFrameEvents {
  'far-frame': (asked: FarFrame) => void;
  'far-frame-answer': (answer: FarAnswer) => void;
}

export class FarFrames {
  readonly #io: TabServer;
  readonly #server: string;
  readonly #settleByNumber = new Map<number, (isReceived: boolean) => void>();
  #asked = 0;

  constructor(io: TabServer, random: Random) {
    this.#io = io;
    this.#server = random.hex(NAME_CHARACTERS);
    io.on('far-frame', (asked) => this.#handOn(asked));
    io.on('far-frame-answer', (answer) => {
      if (answer.server === this.#server) this.#settleByNumber.get(answer.number)?.(answer.isReceived);
    });
  }

  /** Calls back once: whether the tab has acknowledged it in time. */
  send(holder: string, frame: RelayedFrame, timeoutMs: number, received: (isReceived: boolean) => void): void {
    this.#asked += 1;
    const number = this.#asked;
    const settle = (isReceived: boolean): void => {
      clearTimeout(timer);
      this.#settleByNumber.delete(number);
      received(isReceived);
    };
    const timer = setTimeout(settle, timeoutMs, false).unref();
    this.#settleByNumber.set(number, settle);
    this.#io.serverSideEmit('far-frame', { server: this.#server, number, holder, frame, timeoutMs });
  }

  #handOn({ server, number, holder, frame, timeoutMs }: FarFrame): void {
    const socket = this.#io.sockets.sockets.get(holder);
    socket?.timeout(timeoutMs).emit('frame', frame, (error) => {
      this.#io.serverSideEmit('far-frame-answer', { server, number, isReceived: error === null });
    });
  }
}
