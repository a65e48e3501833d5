// What an honest user does in a ring with hostile members, and whether it comes out right.

import { randomBytes } from 'node:crypto';
import type { Peer } from '../../src/peer/peer.ts';
import type { Traps } from './hostile-crew.ts';
import type { Use } from './long-run-words.ts';

const FILE_BYTES = 2_000;
/** What a name may have that is shown on a terminal, and lies in the folder it was meant for. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const HARMLESS = /^[^.\-/\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*$/;

/** `user` does it; `honest`: all of the honest, who tell of the blocks that they send. */
export async function useRing(
  user: Peer,
  { repeated, named, crowded, nowhere }: Traps,
  honest: readonly Peer[],
): Promise<Readonly<Record<Use, boolean>>> {
  return {
    'a file stored': await isRight(async () => {
      const { copies } = await user.store(new File([randomBytes(FILE_BYTES)], 'a file'));
      return copies > 1;
    }),
    'a crowded name: published, and found': await isRight(() => isPublished(user, crowded)),
    'a name whose records are nowhere: found': await isRight(() => isPublished(user, nowhere)),
    'a segment named 512 times: fetched once': await isRight(() => isFetchedOnce(user, repeated, honest)),
    'names that would do harm: harmless': await isRight(async () => {
      const files = await Promise.all(named.map((link) => user.retrieve(link)));
      return files.every(({ name }) => HARMLESS.test(name));
    }),
  };
}

async function isPublished(user: Peer, name: string): Promise<boolean> {
  const { fileId } = await user.store(new File([randomBytes(FILE_BYTES)], name), { isPublic: true });
  const { files } = await user.find(name);
  return files.some((file) => file.fileId === fileId);
}

async function isFetchedOnce(user: Peer, fileId: string, honest: readonly Peer[]): Promise<boolean> {
  const writes: number[] = [];
  const sent: number[] = [];
  const stops = honest.map((peer) =>
    peer.subscribe((event) => {
      if (event.type === 'sent' && event.nodeId === user.nodeId) sent.push(event.size);
    }),
  );
  await user.retrieveInto(fileId, async () => ({
    isSequential: false,
    write: async (bytes, positions) => void writes.push(bytes.length, positions.length),
  }));
  for (const stop of stops) stop();
  const [segmentBytes, places, ...more] = writes;
  // From a hostile holder none comes, or it is not told of here.
  return places === 512 && more.length === 0 && sent.filter((size) => size === segmentBytes).length <= 1;
}

async function isRight(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    console.log(String(error));
    return false;
  }
}
