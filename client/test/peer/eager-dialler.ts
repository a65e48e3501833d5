// How nodes opened links before they paced themselves (peer/openings.ts), to be compared with: all that are wanted at once, for
// fifteen seconds each, and after a failure again as soon as its pause, which doubles, is over.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { MAX_REDIAL_MS, MIN_REDIAL_MS } from '../../src/peer/limits.ts';
import type { Policy, PolicyHost } from './crowded-machine.ts';

const OPENING_MS = 15_000;
const WAITING_MS = 15_000;
const LOOK_MS = 1_000;

export class EagerDialler implements Policy {
  readonly openingMs = OPENING_MS;
  readonly #host: PolicyHost;
  readonly #deadlineByPeer = new Map<NodeId, number>();
  readonly #failureByPeer = new Map<NodeId, { readonly times: number; readonly notBefore: number }>();
  #willLook = false;

  constructor(host: PolicyHost) {
    this.#host = host;
  }

  want(peer: NodeId): void {
    if (this.#deadlineByPeer.has(peer)) return;
    if (this.#mayDial(peer)) return this.#host.dial(peer);
    this.#deadlineByPeer.set(peer, this.#host.now() + WAITING_MS);
    this.#lookLater();
  }

  mayAnswer(): boolean {
    return true;
  }

  up(peer: NodeId): void {
    this.#deadlineByPeer.delete(peer);
    this.#failureByPeer.delete(peer);
  }

  down(): void {
    return;
  }

  failed(peer: NodeId): void {
    const times = (this.#failureByPeer.get(peer)?.times ?? 0) + 1;
    const delayMs = Math.min(MAX_REDIAL_MS, MIN_REDIAL_MS * 2 ** (times - 1));
    this.#failureByPeer.set(peer, { times, notBefore: this.#host.now() + delayMs });
  }

  timerCame(): void {
    return;
  }

  #mayDial(peer: NodeId): boolean {
    return (this.#failureByPeer.get(peer)?.notBefore ?? 0) <= this.#host.now();
  }

  #lookLater(): void {
    if (this.#willLook) return;
    this.#willLook = true;
    this.#host.after('dialler', LOOK_MS, () => {
      this.#willLook = false;
      for (const [peer, deadline] of [...this.#deadlineByPeer]) {
        const isOver = this.#host.now() >= deadline;
        if (!isOver && !this.#mayDial(peer)) continue;
        this.#deadlineByPeer.delete(peer);
        if (isOver) this.#host.gaveUp(peer);
        else this.#host.dial(peer);
      }
      if (this.#deadlineByPeer.size > 0) this.#lookLater();
    });
  }
}
