// A directory in which one peer keeps all that outlives its process: its blocks, settings and keys, under one lock.

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FsBlockStore, type FsBlockStoreOptions } from './fs-block-store.ts';
import { fileError } from './fs-files.ts';
import { FsKeyStore } from './fs-key-store.ts';
import { takeLock } from './fs-lock.ts';
import { FsSettings } from './fs-settings.ts';

export interface FsDirectory {
  readonly path: string;
  readonly store: FsBlockStore;
  readonly settings: FsSettings;
  readonly keys: FsKeyStore;
  /** Waits for what is being written, and frees the directory for other processes; afterwards nothing is written any more. */
  close(): Promise<void>;
}

/** Opens `path`, and makes it if need be. Rejects with a PeerError: storage (not writable, or another process uses it), full. */
export async function openFsDirectory(path: string, options: FsBlockStoreOptions = {}): Promise<FsDirectory> {
  const directory = resolve(path);
  let free: () => Promise<void>;
  try {
    await mkdir(directory, { recursive: true });
    free = await takeLock(join(directory, 'lock'));
  } catch (error) {
    throw fileError('nothing can be kept in', directory, error);
  }
  try {
    const settings = await FsSettings.open(directory);
    const keys = await FsKeyStore.open(directory);
    const store = await FsBlockStore.open(directory, options);
    const close = async (): Promise<void> => {
      await Promise.all([store.close(), settings.close(), keys.close()]);
      await free();
    };
    return { path: directory, store, settings, keys, close };
  } catch (error) {
    await free();
    throw error;
  }
}
