// The hostile peers of the long run: what one does would keep another from what it does, so they are several. One breaks what it
// can and keeps nothing; one lies as the root; one fills disks, names and readers' memory; three sit beside the key of a file.

import { closestIds, idAfter, type Key, type NodeId } from '../../src/core/pastry/id.ts';
import { nameKey } from '../../src/peer/name-key.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { nameNothing } from './crowded-names.ts';
import { hideHolders, holdNothing, reportCopies } from './empty-hands.ts';
import { HostilePeer } from './hostile-peer.ts';
import { storeRepeated } from './lying-manifest.ts';

/** k. */
const COPIES = 3;
const SEGMENT_BYTES = 128 * 1024;
const TIMES = 512;
const MAX_NAMES = 10_000;
const NAMES = ['-', '-rf', '.bashrc', '../../up', 'a\u001b[2J\nwritten to /etc/passwd\r'];

/** What the crew has put into the ring for others to fall over. */
export interface Traps {
  /** Id of a file that is one segment, 512 times. */
  readonly repeated: string;
  /** Links of files whose names would do harm. */
  readonly named: readonly string[];
  /** A name under which it publishes without end. */
  readonly crowded: string;
  /** A name of which it says that its records are where none are. */
  readonly nowhere: string;
}

export class HostileCrew {
  readonly breaker: HostilePeer;
  readonly root: HostilePeer;
  readonly filler: HostilePeer;
  readonly besides: readonly HostilePeer[];

  private constructor(breaker: HostilePeer, root: HostilePeer, filler: HostilePeer, besides: readonly HostilePeer[]) {
    this.breaker = breaker;
    this.root = root;
    this.filler = filler;
    this.besides = besides;
  }

  /** They join, honest as yet; the liar next to `honest`, so that it has an honest neighbour, three of them beside `key`. */
  static async join(server: string, honest: NodeId, key: Key): Promise<HostileCrew> {
    const [breaker, root, filler] = [
      await HostilePeer.join({ server }),
      await HostilePeer.join({ server, wantedId: idAfter(honest, 1n) }),
      await HostilePeer.join({ server }),
    ];
    const besides: HostilePeer[] = [];
    for (const steps of [1n, 2n, 3n]) besides.push(await HostilePeer.join({ server, wantedId: idAfter(key, steps) }));
    return new HostileCrew(breaker, root, filler, besides);
  }

  get all(): readonly HostilePeer[] {
    return [this.breaker, this.root, this.filler, ...this.besides];
  }

  get ids(): readonly NodeId[] {
    return this.all.map(({ nodeId }) => nodeId);
  }

  async setTraps(honest: readonly NodeId[]): Promise<Traps> {
    const named: string[] = [];
    for (const name of NAMES) {
      const { link } = await this.filler.peer.store(new File(['stranger’s bytes'], name, { type: 'text/x\u001b[31m' }));
      named.push(link);
    }
    const repeated = await storeRepeated(this.filler, TIMES, SEGMENT_BYTES);
    const crowded = await this.#nameAmong(honest, undefined);
    return { repeated, named, crowded, nowhere: await this.#nameAmong(honest, this.root.nodeId) };
  }

  /** From now on those lie whose manners are lies. */
  async lie(honest: readonly NodeId[], { nowhere }: Traps): Promise<void> {
    holdNothing(this.breaker);
    for (const beside of this.besides) holdNothing(beside);
    await this.root.linked(honest);
    reportCopies(this.root, honest.slice(0, COPIES));
    hideHolders(this.root, true);
    nameNothing(this.root, await nameKey(nowhere, this.root.nodeId.length, sha256));
  }

  /**
   * A name whose records belong to honest nodes, but for the root if it is `liar`: what two of three holders swallow is lost,
   * as everywhere where several collude.
   */
  async #nameAmong(honest: readonly NodeId[], liar: NodeId | undefined): Promise<string> {
    const [all, right] = [[...honest, ...this.ids], new Set(honest)];
    for (let number = 0; number < MAX_NAMES; number += 1) {
      const name = `plan ${number}.txt`;
      const [root, ...others] = closestIds(await nameKey(name, this.root.nodeId.length, sha256), all, COPIES);
      const isRootRight = liar === undefined ? root !== undefined && right.has(root) : root === liar;
      if (isRootRight && others.every((other) => right.has(other))) return name;
    }
    throw new Error('the ring is too small: at each key two of three holders are hostile');
  }
}
