// Leaves that others found dead while this node waits for their own answer, and what is done about a verdict that was
// wrong: who finds alive what another found dead tells it by whom, and the accused shows itself to that one (SPEC R55).

import { type Context, send } from './context.ts';
import type { NodeId } from './id.ts';
import type { Membership } from './membership.ts';
import type { LeafSetMessage } from './messages.ts';
import type { NodeLife } from './node-handle.ts';

interface Report {
  readonly life: NodeLife;
  /** Who found it dead, or heard so. */
  readonly by: NodeLife;
}

export class DeathReports {
  readonly #context: Context;
  readonly #membership: Membership;
  readonly #ownLeafSet: () => LeafSetMessage;
  readonly #reportById = new Map<NodeId, Report>();

  /** `ownLeafSet`: what this node would tell unasked. */
  constructor(context: Context, membership: Membership, ownLeafSet: () => LeafSetMessage) {
    this.#context = context;
    this.#membership = membership;
    this.#ownLeafSet = ownLeafSet;
  }

  /** Another found the leaf dead, or heard so. */
  add(life: NodeLife, by: NodeLife): void {
    this.#reportById.set(life.nodeId, { life, by });
  }

  /** The leaf is gone indeed. */
  settle(nodeId: NodeId): void {
    this.#reportById.delete(nodeId);
  }

  /** A message came from `nodeId`. If another found it dead, it is told by whom. */
  heard(nodeId: NodeId): void {
    const report = this.#reportById.get(nodeId);
    if (report === undefined) return;
    this.#reportById.delete(nodeId);
    send(this.#context, nodeId, { ...this.#ownLeafSet(), members: [report.by], failed: [report.life] });
  }

  /** Others found this node dead: it shows itself to them, even if it found them dead before. */
  refute(accusers: readonly NodeLife[]): void {
    const { leafSet, timers, now, timing } = this.#context;
    for (const { nodeId } of accusers) {
      this.#membership.exhume(nodeId);
      if (!leafSet.has(nodeId) || timers.has(`refuted:${nodeId}`)) continue;
      // Each of those who asked this node tells it so.
      timers.set(`refuted:${nodeId}`, now + timing.leafRepairMs, () => undefined);
      send(this.#context, nodeId, { ...this.#ownLeafSet(), failed: [] });
    }
  }

  /** Those reported dead whose own answer is awaited still. */
  open(): NodeLife[] {
    const { peers, leafSet } = this.#context;
    for (const nodeId of [...this.#reportById.keys()]) {
      if (!peers.isSuspect(nodeId) || !leafSet.has(nodeId)) this.#reportById.delete(nodeId);
    }
    return Array.from(this.#reportById.values(), ({ life }) => life);
  }
}
