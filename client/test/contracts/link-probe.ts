// One end of a link under test: drives a LinkLayer by commands that take and give plain JSON, so that the same scenarios
// (link-layer.ts) run it in this process or in a browser's page.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { LinkCloseReason, LinkEvents, LinkFailure, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';

export interface Received {
  readonly frames: number;
  readonly bytes: number;
  /** True as long as every frame was the next of its sender and had the right content. */
  readonly intact: boolean;
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
  readonly #log: string[] = [];
  readonly #failures: LinkFailure[] = [];
  readonly #receivedByPeer = new Map<NodeId, { frames: number; bytes: number; intact: boolean }>();
  readonly #sentByPeer = new Map<NodeId, number>();
  readonly #waiting = new Set<() => void>();

  constructor(layer: LinkLayer, highWaterBytes: number) {
    this.#layer = layer;
    this.#highWaterBytes = highWaterBytes;
    layer.listen({
      up: (peer) => this.#note(`up ${peer}`),
      down: (peer, reason) => this.#note(`down ${peer} ${reason}`),
      failed: (peer, failure) => {
        this.#failures.push(failure);
        this.#note(`failed ${peer} ${failure.stage}`);
      },
      answerFailed: (peer, failure) => this.answerFailed(peer, failure),
      frame: (peer, bytes) => this.#receive(peer, bytes),
      garbage: (peer) => this.#note(`garbage ${peer}`),
      drained: () => this.#wake(),
      carry: (peer, data) => this.carry(peer, data),
      mayAnswer: (peer, isJoining) => this.mayAnswer(peer, isJoining),
      isJoining: () => this.isJoining(),
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
