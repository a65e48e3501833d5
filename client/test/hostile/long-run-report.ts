// What came of the long run, as a table; and, minute by minute, how full the tables are that strangers can fill.

import { type Look, USES, type Use } from './long-run-words.ts';

/** What the victims' process may grow by in all, bytes: remembered ids and certificates, compiled code, blocks in memory. */
const MAX_GROWTH_BYTES = 128 * 1024 * 1024;
/** And what of it lives after a collection: closed connections are kept for ten seconds, some 40 KB each (node-webrtc.ts). */
const MAX_HEAP_GROWTH_BYTES = 48 * 1024 * 1024;
/** Of one core that all victims together may use, more than without an attack: 20 links to one peer, each within its rates. */
const MAX_CPU_SHARE = 0.5;
/** Of those with most entries. */
const TABLES_SHOWN = 12;

export interface Outcome {
  /** One each minute, and the last. */
  readonly looks: readonly Look[];
  readonly after: Look;
  readonly idle: Look;
  readonly idleShare: number;
  readonly seconds: number;
  readonly asked: number;
  readonly right: number;
  readonly read: number;
  readonly stored: number;
  readonly stolen: number;
  /** What honest users did meanwhile, each minute. */
  readonly used: readonly Readonly<Record<Use, boolean>>[];
}

/** Prints it; the exit code. */
export function report({ after, idle, seconds, ...outcome }: Outcome): number {
  const growth = after.rssBytes - idle.rssBytes;
  const heapGrowth = after.heapBytes - idle.heapBytes;
  const share = (after.cpuSeconds - idle.cpuSeconds) / seconds;
  const closed = Object.values(after.downs).reduce((sum, count) => sum + count, 0);
  const wasClosed = Object.values(idle.downs).reduce((sum, count) => sum + count, 0);
  const active = after.statuses.filter((status) => status === 'active').length;
  const kinds = Object.entries(after.misdeeds).sort(([, a], [, b]) => b - a);
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['files read afterwards', `${outcome.read} of ${outcome.stored}`, outcome.read === outcome.stored],
    ['lookups right meanwhile', `${outcome.right} of ${outcome.asked}`, outcome.right === outcome.asked],
    ['links between the honest closed', `${closed - wasClosed} ${JSON.stringify(after.downs)}`, closed === wasClosed],
    ['invented nodes in tables', String(after.strangers), after.strangers === 0],
    ['honest peers active', `${active} of ${after.statuses.length}`, active === after.statuses.length],
    ['ids that strangers got', String(outcome.stolen), outcome.stolen === 0],
    ['memory of the honest', `${mib(idle.rssBytes)} + ${mib(growth)} MiB`, growth <= MAX_GROWTH_BYTES],
    ['of it objects in use', `${mib(idle.heapBytes)} + ${mib(heapGrowth)} MiB`, heapGrowth <= MAX_HEAP_GROWTH_BYTES],
    ['misdeeds named', `${kinds.length} kinds`, kinds.length > 0],
    ['CPU of the honest', `${(share * 100).toFixed(1)} % of a core`, share <= outcome.idleShare + MAX_CPU_SHARE],
  ];
  const uses = USES.map((use) => {
    const count = outcome.used.filter((each) => each[use]).length;
    return [use, `${count} of ${outcome.used.length}`, count === outcome.used.length] as const;
  });
  for (const [what, figure, isRight] of [...rows, ...uses])
    console.log(`${isRight ? 'right ' : 'BREACH'}  ${what.padEnd(40)} ${figure}`);
  const byMinute = (bytesOf: (look: Look) => number): string =>
    outcome.looks.map((look) => mib(bytesOf(look))).join(' ');
  console.log(`\nminute by minute, MiB: process ${byMinute(({ rssBytes }) => rssBytes)}`);
  console.log(`                       objects ${byMinute(({ heapBytes }) => heapBytes)}`);
  console.log('\nwhat the honest say that the hostile have done');
  for (const [what, count] of kinds) console.log(`${String(count).padStart(9)}  ${what}`);
  console.log('\nwhat the honest counted meanwhile');
  const counted = Object.entries(after.counters).map(
    ([name, count]) => [name, count - (idle.counters[name] ?? 0)] as const,
  );
  for (const [name, count] of counted.filter(([, more]) => more > 0).sort(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(9)}  ${name}`);
  }
  return [...rows, ...uses].every(([, , isRight]) => isRight) ? 0 : 1;
}

/** The last look's, with how they have grown since the one before. */
export function printTables(looks: readonly Look[]): void {
  const [before, now] = [looks.at(-2), looks.at(-1)];
  if (now === undefined) return;
  const largest = Object.entries(now.tables).sort(([, a], [, b]) => b - a);
  const all = largest.reduce((sum, [, entries]) => sum + entries, 0);
  console.log(`minute ${looks.length - 1}: ${mib(now.heapBytes)} MiB of objects, ${all} entries of bounded tables`);
  for (const [place, entries] of largest.slice(0, TABLES_SHOWN)) {
    const more = entries - (before?.tables[place] ?? 0);
    console.log(`${String(entries).padStart(9)} ${`+${more}`.padStart(7)}  ${place}`);
  }
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
