// What the whole ring costs at one moment of a run.

import type { CrowdMeasure } from '../../client/src/node/peer-crowd.ts';
import type { Fleet } from './fleet.ts';
import type { BrowserMeasure, TabMeasure, TabMeter } from './tabs.ts';

export interface Sample {
  /** Minutes since the start. */
  readonly at: number;
  readonly processes: readonly CrowdMeasure[];
  readonly tabs: readonly TabMeasure[];
  readonly browser: BrowserMeasure;
  /** Of the process that holds the Discovery node and this program. */
  readonly ownCpuSeconds: number;
}

/** `startedAt`: milliseconds of performance.now(). */
export async function takeSample(fleet: Fleet, meter: TabMeter, startedAt: number): Promise<Sample> {
  const [processes, tabs, browser] = await Promise.all([
    Promise.all(fleet.processes.map((process) => process.measure())),
    meter.tabs(),
    meter.browser(),
  ]);
  const { user, system } = process.cpuUsage();
  const at = (performance.now() - startedAt) / 60_000;
  return { at, processes, tabs, browser, ownCpuSeconds: (user + system) / 1e6 };
}

export function cpuSecondsOf({ processes, browser, ownCpuSeconds }: Sample): number {
  return processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, browser.cpuSeconds + ownCpuSeconds);
}

/** The most links that one node had open since the sample before. */
export function peakLinksOf({ processes, tabs }: Sample): number {
  return Math.max(...processes.map(({ peakLinks }) => peakLinks), ...tabs.map(({ peakLinks }) => peakLinks));
}

/** Ends of connections made and of links that opened, by all nodes that there have been. */
export function openingsOf({ processes, tabs }: Sample): { readonly connections: number; readonly links: number } {
  let [connections, links] = [0, 0];
  for (const { everCounters } of processes) {
    connections += everCounters.connectionsCreated ?? 0;
    links += (everCounters.linksByRing ?? 0) + (everCounters.linksByDiscovery ?? 0);
  }
  for (const { connectionsCreated, linksOpened } of tabs) {
    connections += connectionsCreated;
    links += linksOpened;
  }
  return { connections, links };
}
