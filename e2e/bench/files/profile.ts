// CPU profiles of tabs' main threads, for DevTools (Performance, "Load profile"), their heaviest functions as text, and beside
// them what each thread of the browser took.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser, Page } from 'playwright';
import type { Tab } from '../../support/ring.ts';
import { busiest, threadTimes } from './threads.ts';

const SAMPLE_US = 200;
/** Functions told of, those with most time of their own first. */
const TOLD = 40;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

/** Does `work`, and writes `path`-threads.txt and, of each tab, `path`-tab.cpuprofile and `path`-tab.txt. */
export async function profiled<T>(
  browser: Browser,
  tabs: Readonly<Record<string, Tab>>,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const ends: (() => Promise<void>)[] = [];
  for (const [name, { page }] of Object.entries(tabs)) ends.push(await startProfile(page, `${path}-${name}`));
  const before = await threadTimes(browser);
  const result = await work();
  await writeFile(`${path}-threads.txt`, busiest(before, await threadTimes(browser)));
  for (const end of ends) await end();
  return result;
}

/** Returns how to end it. */
async function startProfile(page: Page, path: string): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await session.send('Profiler.start');
  return async () => {
    const { profile } = await session.send('Profiler.stop');
    await session.detach();
    await writeFile(`${path}.cpuprofile`, JSON.stringify(profile));
    await writeFile(`${path}.txt`, heaviest(profile.nodes, profile.samples ?? [], profile.timeDeltas ?? []));
  };
}

function heaviest(nodes: readonly ProfileNode[], samples: readonly number[], deltas: readonly number[]): string {
  const nameById = new Map(
    nodes.map(({ id, callFrame: at }) => [
      id,
      `${at.functionName || '(anonymous)'} ${at.url.split('/').at(-1)}:${at.lineNumber + 1}:${at.columnNumber + 1}`,
    ]),
  );
  const millisecondsByName = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = nameById.get(id) ?? '?';
    millisecondsByName.set(name, (millisecondsByName.get(name) ?? 0) + (deltas[index] ?? 0) / 1000);
  }
  const lines = [...millisecondsByName].sort(([, a], [, b]) => b - a).slice(0, TOLD);
  return lines.map(([name, milliseconds]) => `${milliseconds.toFixed(0).padStart(8)} ms  ${name}\n`).join('');
}
