// Leaves that others found dead while this node waits for their own answer, and what is done about a verdict that was
// wrong: who finds alive what another found dead tells it by whom, and the accused shows itself to that one (SPEC R55).

import type { Context } from '../context.ts';
import type { NodeId } from '../id.ts';
import type { LeafSetMessage } from '../messages.ts';
import type { Incarnation } from '../node-handle.ts';
import { send } from '../reachability/outbox.ts';
import type { Membership } from './membership.ts';

interface Report {
  readonly incarnation: Incarnation;
  /** Who found it dead, or heard so. */
  readonly by: Incarnation;
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
  add(incarnation: Incarnation, by: Incarnation): void {
    this.#reportById.set(incarnation.nodeId, { incarnation, by });
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
    send(this.#context, nodeId, { ...this.#ownLeafSet(), members: [report.by], failed: [report.incarnation] });
  }

  /** Others found this node dead: it shows itself to them, even if it found them dead before. */
  refute(accusers: readonly Incarnation[]): void {
    const { leafSet, timers, now, timing } = this.#context;
    for (const { nodeId } of accusers) {
      this.#membership.revive(nodeId);
      if (!leafSet.has(nodeId) || timers.has({ kind: 'refuted', key: nodeId })) continue;
      // Each of those who asked this node tells it so.
      timers.set({ kind: 'refuted', key: nodeId }, now + timing.leafRepairMs, () => undefined);
      send(this.#context, nodeId, { ...this.#ownLeafSet(), failed: [] });
    }
  }

  /** Those reported dead whose own answer is awaited still. */
  open(): Incarnation[] {
    const { peers, leafSet } = this.#context;
    for (const nodeId of [...this.#reportById.keys()]) {
      if (!peers.isSuspect(nodeId) || !leafSet.has(nodeId)) this.#reportById.delete(nodeId);
    }
    return Array.from(this.#reportById.values(), ({ incarnation }) => incarnation);
  }
}
