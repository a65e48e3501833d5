// What the Discovery node's operator may do: see who is registered, and send a tab away.

import type { Id } from '../client/src/core/pastry/id.ts';
import { removedLine } from './console.ts';
import type { Directory, Listed } from './directory.ts';
import { REMOVAL_GRACE_MS } from './limits.ts';
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
export function removeNode(
  { directory, metrics, log, sockets }: Pick<SessionContext, 'directory' | 'metrics' | 'log' | 'sockets'>,
  nodeId: Id,
): boolean {
  const peer = directory.peerById(nodeId);
  if (peer === undefined) return false;
  const socket = sockets.get(peer.holder);
  directory.remove(peer.holder);
  metrics.count('removed');
  const [reason, peers] = ['by the operator', directory.size] as const;
  log(removedLine(nodeId, reason, peers), { event: 'removed', nodeId, reason, peers });
  socket?.emit('removed', 'its operator has sent this node away');
  setTimeout(() => socket?.disconnect(true), REMOVAL_GRACE_MS).unref();
  return true;
}
