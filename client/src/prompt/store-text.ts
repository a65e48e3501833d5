// What came of a store, once all its copies are made or it takes too long: the same words at every prompt and command.

import { replicaCount } from '../core/past/replicas.ts';
import type { FileSource, PeerApi, StoredFile, StoreOptions } from '../peer/api.ts';
import { routeLines } from './route-text.ts';

/** A file to be stored; on a page it goes through the page's own list. */
export interface StorableFile extends FileSource {
  readonly store?: ((options: StoreOptions) => Promise<StoredFile>) | undefined;
  /** Once it is stored: what is not as it was, or was left out, a line for each. */
  readonly remarks?: (() => readonly string[]) | undefined;
}

type StoredPlace = Pick<StoredFile, 'fileId' | 'link' | 'route' | 'listedAt'>;

/** The copies beyond the quorum come within a moment, or when more nodes join. */
const COPIES_TIMEOUT_MS = 10_000;

/** Resolves with the number of copies once there are as many as this ring can have, or after a time. */
export function whenCopied(peer: PeerApi, { fileId, copies }: StoredFile, signal: AbortSignal): Promise<number> {
  const current = (): number => peer.listFiles().own.find((own) => own.fileId === fileId)?.copies ?? copies;
  const { leafSet, params } = peer.inspect();
  const possible = Math.min(replicaCount(params), new Set([...leafSet.cw, ...leafSet.ccw]).size + 1);
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      unsubscribe();
      resolve(current());
    };
    const timer = setTimeout(end, COPIES_TIMEOUT_MS);
    signal.addEventListener('abort', end, { once: true });
    const unsubscribe = peer.subscribe(({ type }) => {
      if (type === 'files' && current() >= possible) end();
    });
    if (signal.aborted || current() >= possible) end();
  });
}

/** The id of the data, and the way to where it is found: a public file by its name, others by their id. */
export function placeLines({ fileId, link, route, listedAt }: StoredPlace): readonly string[] {
  return [
    `id ${fileId}`,
    `link ${link}`,
    ...(listedAt === undefined ? [] : [`key ${listedAt.key} of its name`]),
    ...routeLines((listedAt ?? { route }).route),
  ];
}

export function copiesLine(copies: number): string {
  return `stored: ${copies} ${copies === 1 ? 'copy' : 'copies'}`;
}
