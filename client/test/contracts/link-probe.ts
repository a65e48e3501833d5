// One end of a link under test: drives a LinkLayer by commands that take and give plain JSON, so that the same scenarios
// (link-layer.ts) run it in this process or in a browser's page.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { LinkCloseReason, LinkEvents, LinkFailure, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';
import type { Certificate } from '../../src/trust/certificate.ts';
import type { SwappingSignalling } from './swapping-signalling.ts';

export interface Received {
  readonly frames: number;
  readonly bytes: number;
  /** True as long as every frame was the next of its sender and had the right content. */
  readonly intact: boolean;
}

export interface HeldSignal {
  readonly to: NodeId;
  readonly text: string;
}

/** Frames carry their number and a pattern that depends on it. */
const HEADER_BYTES = 4;

export class LinkProbe {
  /** The ring, if a test has one. */
  carry: LinkEvents['carry'] = () => false;
  mayAnswer: LinkEvents['mayAnswer'] = () => true;
  isJoining: LinkEvents['isJoining'] = () => false;
  answerFailed: LinkEvents['answerFailed'] = () => undefined;
  readonly #layer: LinkLayer;
  readonly #highWaterBytes: number;
  readonly #discovery: SwappingSignalling;
  /** Signals that a ring would have taken on, since `holdSignals`. */
  #held: HeldSignal[] | undefined;
  readonly #log: string[] = [];
  readonly #failures: LinkFailure[] = [];
  readonly #answerFailures: LinkFailure[] = [];
  readonly #receivedByPeer = new Map<NodeId, { frames: number; bytes: number; intact: boolean }>();
  readonly #sentByPeer = new Map<NodeId, number>();
  readonly #waiting = new Set<() => void>();

  constructor(layer: LinkLayer, highWaterBytes: number, discovery: SwappingSignalling) {
    this.#layer = layer;
    this.#highWaterBytes = highWaterBytes;
    this.#discovery = discovery;
    layer.listen({
      up: (peer, certificate) => this.#note(certificate.nodeId === peer ? `up ${peer}` : 'up as another'),
      certified: () => undefined,
      down: (peer, reason) => this.#note(`down ${peer} ${reason}`),
      failed: (peer, failure) => {
        this.#failures.push(failure);
        this.#note(`failed ${peer} ${failure.stage}`);
      },
      answerFailed: (peer, failure) => {
        this.#answerFailures.push(failure);
        this.#wake();
        this.answerFailed(peer, failure);
      },
      frame: (peer, bytes) => this.#receive(peer, bytes),
      garbage: (peer) => this.#note(`garbage ${peer}`),
      drained: () => this.#wake(),
      carry: (peer, data) => (this.#held === undefined ? this.carry(peer, data) : this.#hold(peer, data)),
      mayAnswer: (peer, isJoining) => this.mayAnswer(peer, isJoining),
      isJoining: () => this.isJoining(),
      openingMs: () => 15_000,
    });
  }

  async connect(peer: NodeId): Promise<void> {
    this.#layer.connect(peer);
  }

  /** Sends numbered frames without regard to how much is buffered. */
  async send(peer: NodeId, frames: number, frameBytes: number): Promise<void> {
    for (let i = 0; i < frames; i += 1) this.#sendOne(peer, frameBytes);
  }

  /** Sends `bytes` in frames as a well-behaved peer does; returns the most that was buffered, and how long it took. */
  async sendPaced(
    peer: NodeId,
    bytes: number,
    frameBytes: number,
  ): Promise<{ peakBytes: number; milliseconds: number }> {
    const start = performance.now();
    let peakBytes = 0;
    for (let sent = 0; sent < bytes; sent += frameBytes) {
      await this.#until(() => this.#layer.bufferedBytes(peer) < this.#highWaterBytes);
      this.#sendOne(peer, Math.min(frameBytes, bytes - sent));
      peakBytes = Math.max(peakBytes, this.#layer.bufferedBytes(peer));
    }
    return { peakBytes, milliseconds: performance.now() - start };
  }

  async close(peer: NodeId, reason: LinkCloseReason): Promise<void> {
    this.#layer.close(peer, reason);
  }

  /** From now on the Discovery node puts another fingerprint into what it carries from here. */
  async swapFingerprints(): Promise<void> {
    this.#discovery.isSwapping = true;
  }

  /** From now on there is a ring to carry signals, which is the caller. */
  async holdSignals(): Promise<void> {
    this.#held ??= [];
  }

  /** Waits for signals that the ring is to carry, and takes them. */
  async takeHeld(): Promise<readonly HeldSignal[]> {
    await this.#until(() => (this.#held?.length ?? 0) > 0);
    return this.#held?.splice(0) ?? [];
  }

  /** The ring brings a signal. */
  async signalled(from: NodeId, text: string): Promise<void> {
    this.#layer.signalled(from, text);
  }

  async introduce(certificate: Certificate): Promise<void> {
    this.#layer.introduce(certificate);
  }

  async counter(name: string): Promise<number> {
    return this.#layer.counters[name] ?? 0;
  }

  /** Waits until the layer has counted so many. It tells nobody, so it is asked again and again. */
  async counted(name: string, times = 1): Promise<void> {
    while ((this.#layer.counters[name] ?? 0) < times) await nextTurn();
  }

  /** In one turn: a browser on a busy machine opens a link between two commands. */
  async connectAndClose(peer: NodeId, reason: LinkCloseReason): Promise<void> {
    this.#layer.connect(peer);
    this.#layer.close(peer, reason);
  }

  async closeAll(): Promise<void> {
    this.#layer.closeAll();
  }

  async links(): Promise<readonly Pick<LinkInfo, 'nodeId' | 'state'>[]> {
    const links = this.#layer.links().map(({ nodeId, state }) => ({ nodeId, state }));
    const { linkCount } = this.#layer;
    if (linkCount !== links.length) throw new Error(`linkCount is ${linkCount}, and there are ${links.length} links`);
    return links;
  }

  /** What was told so far, oldest first: "up <id>", "down <id> <reason>", "failed <id> <stage>". */
  async log(): Promise<readonly string[]> {
    return this.#log;
  }

  async failures(): Promise<readonly LinkFailure[]> {
    return this.#failures;
  }

  /** Waits for the failure of an attempt that this end had not wished for. */
  async answerFailure(): Promise<LinkFailure | undefined> {
    await this.#until(() => this.#answerFailures.length > 0);
    return this.#answerFailures[0];
  }

  /** Waits until `line` has been told `times` times. */
  async logged(line: string, times = 1): Promise<void> {
    await this.#until(() => this.#log.filter((told) => told === line).length >= times);
  }

  /** Waits until this many bytes have come from `peer`. */
  async received(peer: NodeId, bytes: number): Promise<Received> {
    await this.#until(() => (this.#receivedByPeer.get(peer)?.bytes ?? 0) >= bytes);
    return this.#receivedByPeer.get(peer) ?? { frames: 0, bytes: 0, intact: true };
  }

  #sendOne(peer: NodeId, frameBytes: number): void {
    const number = this.#sentByPeer.get(peer) ?? 0;
    this.#sentByPeer.set(peer, number + 1);
    const frame = new Uint8Array(frameBytes).fill(number % 251);
    new DataView(frame.buffer).setUint32(0, number);
    this.#layer.send(peer, frame);
  }

  #receive(peer: NodeId, bytes: Uint8Array): void {
    const received = this.#receivedByPeer.get(peer) ?? { frames: 0, bytes: 0, intact: true };
    this.#receivedByPeer.set(peer, received);
    const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const content = bytes.subarray(HEADER_BYTES);
    if (number !== received.frames || !content.every((byte) => byte === number % 251)) received.intact = false;
    received.frames += 1;
    received.bytes += bytes.length;
    this.#wake();
  }

  #hold(to: NodeId, text: string): boolean {
    this.#held?.push({ to, text });
    this.#wake();
    return true;
  }

  #note(line: string): void {
    this.#log.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  #until(isTrue: () => boolean): Promise<void> {
    if (isTrue()) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        if (!isTrue()) return;
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}

/** Of the event loop, here and in browsers, whatever a test has done to its timers. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
