// What processes have in memory, by the system's account (Linux).

import { readdir, readFile } from 'node:fs/promises';
import type { Quantity } from './watched.ts';

/** The most that one process which draws pages has, of all browsers that this process has started. */
export const LARGEST_PAGE: Quantity = { name: 'renderer', look: largestPageBytes, maxBytes: 600e6 };

/** Bytes; 0 of a process that has just ended. */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await fileOf(pid, 'status');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

async function largestPageBytes(): Promise<number> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const parentByPid = new Map(await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const)));
  const own = pids.filter((pid) => isBelow(pid, parentByPid));
  const sizes = own.map(async (pid) => (isPage(await fileOf(pid, 'cmdline')) ? residentBytes(pid) : 0));
  return Math.max(0, ...(await Promise.all(sizes)));
}

function isBelow(pid: number, parentByPid: ReadonlyMap<number, number>): boolean {
  let at = parentByPid.get(pid);
  while (at !== undefined && at !== process.pid) at = parentByPid.get(at);
  return at === process.pid;
}

/** Chromium says it first, Firefox last; its other processes have other words there. */
function isPage(commandLine: string): boolean {
  const words = commandLine.split(/[\0 ]/).filter((word) => word !== '');
  return words.includes('--type=renderer') || (words.includes('-contentproc') && words.at(-1) === 'tab');
}

async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\s+(\d+)$/m.exec(await fileOf(pid, 'status'))?.[1] ?? 0);
}

async function fileOf(pid: number | undefined, name: string): Promise<string> {
  // A process may end at any time.
  return readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
}
