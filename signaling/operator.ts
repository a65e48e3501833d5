// What the Discovery node's operator may do: see who is registered, and send a tab away.

import type { NodeId } from '../client/src/core/pastry/id.ts';
import { removedLine } from './console.ts';
import type { Directory, Listed } from './directory.ts';
import type { SessionContext } from './session.ts';

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
export async function removeNode(
  { directory, metrics, log, holders }: Pick<SessionContext, 'directory' | 'metrics' | 'log' | 'holders'>,
  nodeId: NodeId,
): Promise<boolean> {
  const peer = await directory.peerById(nodeId);
  if (peer?.role !== 'node' || (await directory.remove(peer.holder, true)) === undefined) return false;
  const [reason, peers] = ['by the operator', directory.size] as const;
  metrics.removed(reason);
  log(removedLine(nodeId, reason, peers), { event: 'removed', nodeId, reason, peers });
  holders.dismiss(peer.holder, 'its operator has sent this node away');
  return true;
}
