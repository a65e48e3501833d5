// Speaks of strangers, beside the places of its victims, so that they would be leaves: as many as it likes.

import { randomBytes } from 'node:crypto';
import { idAfter, type NodeId } from '../../src/core/pastry/id.ts';
import type { HostilePeer } from './hostile-peer.ts';

/** Where a stranger is to be wanted, it must be closer than the true leaves. */
const NEAR = 1_000_000;

export class HearsayFlood {
  readonly #hostile: HostilePeer;
  #told = 0;

  constructor(hostile: HostilePeer) {
    this.#hostile = hostile;
  }

  /** Strangers told of so far, to each victim. */
  get told(): number {
    return this.#told;
  }

  /** Tells each of them of `strangers` more, in all the ways that there are to tell of nodes. */
  tell(victims: readonly NodeId[], strangers: number): void {
    this.#told += strangers;
    for (const victim of victims) {
      const lives = Array.from({ length: strangers }, () => {
        const steps = BigInt(1 + (randomBytes(4).readUInt32LE() % NEAR));
        return { nodeId: idAfter(victim, steps), epoch: 1 };
      });
      const { handle } = this.#hostile;
      const hearsay = lives.map((life) => ({ ...life, coordinate: handle.coordinate }));
      this.#hostile.say(victim, {
        ...{ type: 'leaf-set', self: handle, members: lives, failed: [], asks: false, nonce: 0 },
      });
      this.#hostile.say(victim, { type: 'entries', self: handle, entries: hearsay });
    }
  }
}
