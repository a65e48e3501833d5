// What each thread of the browser's processes took of the cores, as Linux counts it: what no profile of a tab shows, such as
// the network, digests and the disk.

import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'playwright';
import { processes } from '../links/cpu.ts';

/** Of Linux's clock ticks. */
const TICK_MS = 10;

/** Milliseconds of CPU so far, by process and thread. */
export type ThreadTimes = ReadonlyMap<string, number>;

/** Empty where there is no /proc. */
export async function threadTimes(browser: Browser): Promise<ThreadTimes> {
  const times = new Map<string, number>();
  for (const { pid, type } of await processes(browser)) {
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const stat = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => '');
      const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
      const fields = rest?.split(' ') ?? [];
      const [user, system] = [fields[11], fields[12]].map(Number);
      if (name !== undefined && user !== undefined && system !== undefined)
        times.set(`${type} ${pid} ${name} ${thread}`, (user + system) * TICK_MS);
    }
  }
  return times;
}

/** The busiest first, one line each; what one process's threads of one name took is one line. */
export function busiest(before: ThreadTimes, after: ThreadTimes): string {
  const byName = new Map<string, number>();
  for (const [key, milliseconds] of after) {
    const name = key.replace(/ \d+$/, '');
    byName.set(name, (byName.get(name) ?? 0) + milliseconds - (before.get(key) ?? 0));
  }
  const lines = [...byName].filter(([, milliseconds]) => milliseconds > 0).sort(([, a], [, b]) => b - a);
  return lines.map(([name, milliseconds]) => `${String(milliseconds).padStart(8)} ms  ${name}\n`).join('');
}
