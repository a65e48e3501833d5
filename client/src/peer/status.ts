// A node's status as promises: who needs an active node, or waits for it to leave, waits here.

import type { NodeStatus } from '../core/io.ts';
import { PeerError } from './errors.ts';
import { ACTIVE_TIMEOUT_MS } from './limits.ts';
import type { Deadlines } from './parallel.ts';
import { leftError } from './request-errors.ts';

export class Status {
  readonly #deadlines: Deadlines;
  readonly #waiting = new Set<() => void>();
  #current: NodeStatus = 'joining';
  #lastWait = 0;

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  get current(): NodeStatus {
    return this.#current;
  }

  changeTo(status: NodeStatus): void {
    this.#current = status;
    for (const check of [...this.#waiting]) check();
  }

  /** Resolves when the node is active. Rejects with a PeerError of code left, or not-active after a time. */
  async whenActive(): Promise<void> {
    await this.#until((status) => status !== 'joining', ACTIVE_TIMEOUT_MS);
    if (this.#current === 'left') throw leftError();
    if (this.#current === 'joining')
      throw new PeerError('not-active', 'still joining the ring: no node of it could be reached yet; try again');
  }

  /** Resolves when the node has left, or after `timeoutMs`. */
  whenLeft(timeoutMs: number): Promise<void> {
    return this.#until((status) => status === 'left', timeoutMs);
  }

  /** Resolves after `delayMs`. Rejects with a PeerError of code left as soon as the node has left. */
  async pause(delayMs: number): Promise<void> {
    await this.whenLeft(delayMs);
    if (this.#current === 'left') throw leftError();
  }

  #until(isEnough: (status: NodeStatus) => boolean, timeoutMs: number): Promise<void> {
    if (isEnough(this.#current)) return Promise.resolve();
    this.#lastWait += 1;
    const timer = `status:${this.#lastWait}`;
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(check);
        this.#deadlines.cancel(timer);
        resolve();
      };
      const check = (): void => {
        if (isEnough(this.#current)) end();
      };
      this.#waiting.add(check);
      this.#deadlines.after(timer, timeoutMs, end);
    });
  }
}
