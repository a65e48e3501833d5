// A named pipe that is written to. No thread waits for who reads it: the system neither ends a process of which one waits, nor
// lets a command be stopped.

import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PeerError } from '../peer/errors.ts';
import { systemCode } from '../stores/fs-files.ts';

/** Between two looks whether somebody reads, milliseconds. */
const READER_CHECK_MS = 100;

export interface PipeOutput {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when all is written. */
  end(): Promise<void>;
  /** What is still to be written is lost. */
  destroy(): void;
}

/** Waits until somebody reads. Rejects with the system's error, or a PeerError: aborted. */
export async function openPipe(path: string, signal: AbortSignal | undefined): Promise<PipeOutput> {
  const pipe = new Socket({ fd: await openForReader(path, signal), readable: false, writable: true });
  // Each write is told its own failure.
  pipe.on('error', () => undefined);
  const abort = (): void => void pipe.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => pipe.write(bytes, (error) => (error ? reject(error) : resolve()))),
    end: () => {
      signal?.removeEventListener('abort', abort);
      return new Promise((resolve, reject) => {
        pipe.once('error', reject);
        pipe.end(resolve);
      });
    },
    destroy: () => void pipe.destroy(),
  };
}

async function openForReader(path: string, signal: AbortSignal | undefined): Promise<number> {
  for (;;) {
    if (signal?.aborted) throw new PeerError('aborted', 'stopped');
    try {
      return await promisify(open)(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      // Nobody reads yet.
      if (systemCode(error) !== 'ENXIO') throw error;
    }
    await delay(READER_CHECK_MS);
  }
}
