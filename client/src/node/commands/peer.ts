// `tabring peer`: a node of the ring that never sleeps, until it is told to stop.

import type { PeerEvent } from '../../peer/api.ts';
import { formatBytes } from '../bytes.ts';
import type { NodePeer } from '../compose.ts';
import { connect } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';

export interface PeerOptions {
  readonly id: string | undefined;
  readonly dir: string | undefined;
  readonly quotaBytes: number | undefined;
}

/** Without a directory blocks are kept in memory: a part of a machine's, by default. */
const MEMORY_QUOTA_BYTES = 1e9;

/** Runs until `context.signal` is aborted (0), or the Discovery node's operator removes the peer (1). */
export async function peer(context: CommandContext, { id, dir, quotaBytes }: PeerOptions): Promise<ExitCode> {
  const quota = quotaBytes ?? (dir === undefined ? MEMORY_QUOTA_BYTES : undefined);
  const node = await connect(context, { wantedId: id, dir, quotaBytes: quota });
  if (!node.wantedIdGranted) {
    context.tell(`another node has the id asked for, so this one got ${node.peer.nodeId}`);
  }
  const stopped = new Promise<ExitCode>((resolve) => {
    const stop = (): void => resolve(0);
    context.signal.addEventListener('abort', stop, { once: true });
    if (context.signal.aborted) stop();
    node.peer.subscribe((event) => {
      report(context, event);
      // Sent away by the operator; a leave of its own comes after `stopped`.
      if (event.type === 'status' && event.status === 'left') resolve(1);
    });
  });
  introduce(context, node, dir);
  await node.peer.start();
  if (node.peer.inspect().held.objects > 0) {
    const { objects, bytes } = node.peer.inspect().held;
    context.tell(`holding ${objects} ${objects === 1 ? 'block' : 'blocks'}, ${formatBytes(bytes)}`);
  }
  const code = await stopped;
  if (code === 0) context.tell('leaving: handing blocks over; stop again to leave at once');
  await node.leave();
  return code;
}

function introduce(context: CommandContext, { peer: { nodeId }, sponsor }: NodePeer, dir: string | undefined): void {
  if (context.json) {
    context.print(JSON.stringify({ type: 'registered', nodeId, randomNode: sponsor ?? null, dir: dir ?? null }));
    return;
  }
  context.print(`id ${nodeId}`);
  context.print(sponsor === undefined ? 'first node of a new ring' : `random node ${sponsor}`);
  if (dir !== undefined) context.print(`directory ${dir}`);
}

function report(context: CommandContext, event: PeerEvent): void {
  if (event.type === 'status') {
    context.print(context.json ? JSON.stringify(event) : event.status);
  } else if (event.type === 'discovery' && event.state !== 'registered') {
    const what = event.state === 'away' ? 'the Discovery node is away' : 'removed by the Discovery node';
    context.tell(event.message === '' ? what : `${what}: ${event.message}`);
  }
}
