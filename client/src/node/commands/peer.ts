// `tabring peer`: a node of the ring that never sleeps, until it is told to stop. It reads commands (client/src/prompt/) from
// a terminal or a pipe, and prints what happens.

import type { PeerEvent } from '../../peer/api.ts';
import { discoveryLine } from '../../prompt/discovery-text.ts';
import { Happenings, type Loudness } from '../../prompt/happenings.ts';
import { LineReader } from '../../prompt/line-reader.ts';
import { peerCommands } from '../../prompt/peer-commands.ts';
import { Prompt } from '../../prompt/prompt.ts';
import { lastCopiesText } from '../../prompt/status-text.ts';
import { RingKeyChanged } from '../../stores/ring-pins.ts';
import { formatBytes } from '../bytes.ts';
import type { NodePeer } from '../compose.ts';
import { promptFiles } from '../prompt-files.ts';
import { connect } from './client.ts';
import { type CommandContext, CommandError, type ExitCode } from './context.ts';

export interface PeerOptions {
  readonly id: string | undefined;
  readonly dir: string | undefined;
  readonly quotaBytes: number | undefined;
  /** Accept another key of the Discovery node's than the one that the directory knows. */
  readonly acceptRingKey: boolean;
  /** What is printed as it happens. */
  readonly loudness: Loudness;
}

/** Without a directory blocks are kept in memory: a part of a machine's, by default. */
const MEMORY_QUOTA_BYTES = 1e9;
/** Digits of its own id before what is typed. */
const PROMPT_DIGITS = 4;

/**
 * Runs until `context.signal` is aborted, or a command says so (0), or the Discovery node's operator removes the peer, or its
 * identity is opened elsewhere (1).
 * With `json` it takes no commands and prints its status only.
 */
export async function peer(given: CommandContext, options: PeerOptions): Promise<ExitCode> {
  const { id, dir, quotaBytes, acceptRingKey, loudness } = options;
  const lines = new LineReader();
  const context = given.json ? given : { ...given, print: lines.print, tell: lines.tell };
  const quota = quotaBytes ?? (dir === undefined ? MEMORY_QUOTA_BYTES : undefined);
  const notify = (notice: string): void => context.tell(notice);
  const node = await connect(context, { wantedId: id, dir, quotaBytes: quota, acceptRingKey, notify }).catch(
    (error: unknown) => {
      if (!(error instanceof RingKeyChanged)) throw error;
      throw new CommandError(`${error.message} "--accept-ring-key" accepts it.`, error);
    },
  );
  let isLeaving = false;
  let left: Promise<void> | undefined;
  const leave = (): Promise<void> => {
    // Said first: with nothing to hand over it has left before the call returns.
    isLeaving = true;
    left ??= node.leave().then((report) => {
      const last = lastCopiesText(report);
      if (last !== undefined) context.tell(`no other node holds now: ${last}`);
    });
    return left;
  };
  const stopped = new Promise<ExitCode>((resolve) => {
    const stop = (): void => resolve(0);
    context.signal.addEventListener('abort', stop, { once: true });
    if (context.signal.aborted) stop();
    node.peer.subscribe((event) => {
      if (context.json) report(context, event);
      // Sent away by the operator, unless somebody here has said so.
      if (event.type === 'status' && event.status === 'left') resolve(isLeaving ? 0 : 1);
    });
  });
  introduce(context, node, dir);
  if (!context.json) readCommands(context, node, lines, leave, loudness);
  await node.peer.start();
  if (node.peer.inspect().held.objects > 0) {
    const { objects, bytes } = node.peer.inspect().held;
    context.tell(`holding ${objects} ${objects === 1 ? 'block' : 'blocks'}, ${formatBytes(bytes)}`);
  }
  const code = await stopped;
  if (!isLeaving && code === 0) context.tell('leaving: handing blocks over; stop again to leave at once');
  await leave();
  lines.close();
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

/** At once on a terminal; from a pipe as soon as the peer is in the ring, so that a script need not wait for it. */
function readCommands(
  { print, tell, signal }: CommandContext,
  { peer }: NodePeer,
  lines: LineReader,
  leave: () => Promise<void>,
  loudness: Loudness,
): void {
  const columns = (): number | undefined => lines.columns;
  const happenings = new Happenings(peer, print, loudness, columns);
  const exitHelp = 'leave the ring in good order, and end';
  const surroundings = { peer, leave, happenings, signal, columns, exitHelp, ...promptFiles(peer, signal) };
  const prompt = new Prompt(peerCommands(surroundings), {
    print,
    complain: tell,
    bug: lines.bug,
  });
  const start = (): void =>
    lines.start({
      prompt: `${peer.nodeId.slice(0, PROMPT_DIGITS)}> `,
      run: (line) => prompt.run(line),
      complete: (line) => prompt.complete(line),
      // A pipe's end is no wish: a peer without input is a service, and its script says "exit" if it wants an end.
      ended: (isTerminal) => {
        if (isTerminal) void leave();
      },
    });
  if (lines.isTerminal) return start();
  const unsubscribe = peer.subscribe((event) => {
    if (event.type !== 'status' || event.status !== 'active') return;
    unsubscribe();
    start();
  });
}

function report(context: CommandContext, event: PeerEvent): void {
  if (event.type === 'status') {
    context.print(JSON.stringify(event));
  } else if (event.type === 'discovery') {
    const line = discoveryLine(event);
    if (line !== undefined) context.tell(line);
  }
}
