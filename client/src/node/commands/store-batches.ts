// Which of the given files are stored at the same time: small ones, each of which takes some round trips and hardly any bytes. What
// is larger travels in several segments at once anyway.

import { stat } from 'node:fs/promises';
import { MAX_INLINE_BYTES } from '../../peer/limits.ts';
import { type Given, STANDARD_INPUT } from './walk.ts';

/** Open at once, and asked of the ring at once. */
const MAX_TOGETHER = 32;

/** In their order; what is in one batch is stored at the same time. */
export async function batchesOf(all: readonly Given[]): Promise<readonly (readonly Given[])[]> {
  const batches: Given[][] = [];
  let open: Given[] | undefined;
  for (const one of all) {
    const isSmall = await isSmallFile(one);
    if (isSmall && open !== undefined && open.length < MAX_TOGETHER) {
      open.push(one);
      continue;
    }
    const batch = [one];
    batches.push(batch);
    open = isSmall ? batch : undefined;
  }
  return batches;
}

/** Also of what cannot be read: that is told when its turn comes. */
async function isSmallFile({ kind, path }: Given): Promise<boolean> {
  if (kind !== 'file' || path === STANDARD_INPUT) return false;
  const state = await stat(path).catch(() => undefined);
  // What the system writes as it is read says that it is empty.
  return state?.isFile() === true && state.size > 0 && state.size <= MAX_INLINE_BYTES;
}
