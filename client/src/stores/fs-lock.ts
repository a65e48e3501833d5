// A lock file, so that two processes never share a directory. A process that was killed leaves it behind: it then counts
// for nothing, since it names its process, and that is gone.

import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { PeerError } from '../peer/errors.ts';
import { systemCode } from './fs-files.ts';

/** The file is created and then filled: an empty one that is younger than this is being filled, milliseconds. */
const FILLING_MS = 2_000;

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Tells this process from a later one with the same pid; absent where the system does not tell. */
  start: v.optional(v.string()),
});
type Holder = v.InferOutput<typeof holderSchema>;

/** Locks held by this process: where its start is not known, its own pid in a file may be a former process's. */
const heldHere = new Set<string>();

/** Takes the lock; resolves with what frees it. Rejects with a PeerError of code storage if another process has it, else the system's error. */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const start = await processStart(process.pid);
  const own = JSON.stringify(start === undefined ? { pid: process.pid } : { pid: process.pid, start });
  while (!(await create(path, own))) await removeStale(path);
  heldHere.add(path);
  return async () => {
    heldHere.delete(path);
    await rm(path, { force: true });
  };
}

/** False if there is such a file. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a lock whose process is gone. Rejects with a PeerError if it is not. */
async function removeStale(path: string): Promise<void> {
  const text = await read(path);
  if (text === undefined) return;
  const holder = parseHolder(text);
  if (holder === undefined ? await isBeingFilled(path) : await isAlive(holder, path)) throw inUse(path, holder);
  // Another process may be doing the same: whoever moves the file away has it for itself, and can look what it was.
  const moved = `${path}.stale-${process.pid}`;
  try {
    await rename(path, moved);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const found = await read(moved);
  await rm(moved, { force: true });
  if (found === text) return;
  // The other one was faster, and this is its new lock.
  if (found !== undefined) await create(path, found);
  throw inUse(path, found === undefined ? undefined : parseHolder(found));
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined; // cut off by a crash of the machine
  }
}

async function isBeingFilled(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < FILLING_MS;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isAlive({ pid, start }: Holder, path: string): Promise<boolean> {
  if (start !== undefined) return (await processStart(pid)) === start;
  if (pid === process.pid) return heldHere.has(path);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM'; // there, and another user's
  }
}

/** When a process began, as Linux counts it, in which boot of the machine; undefined if it is gone, and on other systems. */
async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined;
  const [boot, line] = await Promise.all([read('/proc/sys/kernel/random/boot_id'), read(`/proc/${pid}/stat`)]);
  // The fields after the name, which is in brackets and may have spaces; the start is field 22 of all.
  const ticks = line?.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  return boot === undefined || ticks === undefined ? undefined : `${boot.trim()} ${ticks}`;
}

function inUse(path: string, holder: Holder | undefined): PeerError {
  const who = holder === undefined ? 'another process' : `the process ${holder.pid}`;
  return new PeerError('storage', `${who} uses this directory (${path}): choose another one, or end that process`);
}
