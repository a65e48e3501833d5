// Fetches a file of the ring straight into a file of this machine, or to standard output: the same for the command line and
// for the prompt of a peer.

import { assert } from '../core/assert.ts';
import type { PeerApi, TransferOptions } from '../peer/api.ts';
import { isCancelled } from '../peer/parallel.ts';
import { parseFileLink } from '../peer/parse-file-link.ts';
import type { FileHead } from '../peer/retrieved-file.ts';
import { chooseOutput, type Output, openOutput, type Target } from './output-file.ts';

export interface Wishes extends TransferOptions {
  /** A file, a folder, or - for standard output. Default: the file's own name, here. */
  readonly wanted: string | undefined;
  /** Replace a file of that name. */
  readonly force: boolean;
  /** What to do if there is one. */
  readonly hint?: string;
  /** 64 hex digits by which what has come of it is known to a later try. Default: the file's id. */
  readonly partId?: string;
  /** Told what the file is before its content is fetched, and once it is sure that it can be written. */
  readonly onHead: (head: FileHead) => void;
  /** Told of bytes that an earlier try has left here. */
  readonly onGoingOn?: (bytes: number) => void;
  /** Told that what has come stays, and the same command goes on from it. */
  readonly onKept?: () => void;
}

/** What was to be fetched as a file is a folder (fetch-wanted.ts). */
export class IsFolder extends Error {}

/** Rejects with IsFolder, with a CommandError if it cannot be written, and as PeerApi.retrieveInto does; then nothing stays behind, or what a later try goes on from. */
export async function fetchAndWrite(
  peer: Pick<PeerApi, 'retrieveInto'>,
  link: string,
  { wanted, force, hint, partId = parseFileLink(link).fileId, onHead, onGoingOn, onKept, ...options }: Wishes,
): Promise<{ readonly head: FileHead; readonly target: Target }> {
  let target: Target | undefined;
  let output: Output | undefined;
  const begin = async (head: FileHead): Promise<Output> => {
    if (head.folder !== undefined) throw new IsFolder(head.name);
    target = await chooseOutput(wanted, head.name, force, hint);
    output = await openOutput(target, { fileId: partId, size: head.size }, options.signal);
    onHead(head);
    if (output.bytesBefore) onGoingOn?.(output.bytesBefore);
    return output;
  };
  try {
    const { name, type, size } = await peer.retrieveInto(link, begin, options);
    await output?.finish();
    assert(target !== undefined, 'what was fetched was written somewhere');
    return { head: { name, type, size }, target };
  } catch (error) {
    if (await output?.abandon(isCancelled(options.signal))) onKept?.();
    throw error;
  }
}
