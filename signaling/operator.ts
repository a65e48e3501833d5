// What the Discovery node's operator may do: see who is registered, and send a tab away.

import type { NodeId } from '../client/src/core/pastry/id.ts';
import { removedLine } from './console.ts';
import type { Directory, Listed } from './directory.ts';
import { REMOVAL_GRACE_MS } from './limits.ts';
import type { Ring } from './ring.ts';
import type { SessionContext, TabSocket } from './session.ts';

export interface ListedNode extends Pick<Listed, 'nodeId' | 'device' | 'address'> {
  /** How long it has been registered, milliseconds. */
  readonly ageMs: number;
  /** How long ago it gave its last sign of life, milliseconds. */
  readonly silenceMs: number;
}

export function listNodes(directory: Directory, now: number): readonly ListedNode[] {
  return directory.list().map(({ nodeId, device, address, registeredAt, lastSeen }) => {
    return { nodeId, device, address, ageMs: now - registeredAt, silenceMs: now - lastSeen };
  });
}

/** Its id is free at once and nobody is sent to it any more; the tab is told, and cut off if it does not go. */
export function removeNode(
  { directory, metrics, log, sockets }: Pick<SessionContext, 'directory' | 'metrics' | 'log' | 'sockets'>,
  nodeId: NodeId,
): boolean {
  const peer = directory.peerById(nodeId);
  if (peer?.role !== 'node') return false;
  directory.remove(peer.holder, true);
  const [reason, peers] = ['by the operator', directory.size] as const;
  metrics.removed(reason);
  log(removedLine(nodeId, reason, peers), { event: 'removed', nodeId, reason, peers });
  dismiss(sockets.get(peer.holder), 'its operator has sent this node away');
  return true;
}

/** Frees the id of a node that is absent, whose certificate still runs. False if nobody has it. */
export function freeId({ records }: Pick<Ring, 'records'>, nodeId: NodeId, seconds: number): boolean {
  if (records.get(nodeId, seconds)?.signKey === undefined) return false;
  records.free(nodeId);
  return true;
}

/** Ends a socket: told why, it may hand its blocks over first; without a reason at once. */
export function dismiss(socket: TabSocket | undefined, reason: string | undefined): void {
  if (reason === undefined) {
    socket?.disconnect(true);
    return;
  }
  socket?.emit('removed', reason);
  setTimeout(() => socket?.disconnect(true), REMOVAL_GRACE_MS).unref();
}
