// `npm run test:hostile [-- --minutes <n> --peers <n> --files <n>]`: a ring of honest Node peers with files in it, and one
// hostile peer that does all it can at once for ten minutes, while the Discovery node is restarted and strangers ask for ids.
// Prints what came of it as a table; exit code 1 if a single promise was broken.

import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { attackAll } from './all-at-once.ts';
import { HostilePeer } from './hostile-peer.ts';
import { IdThieves } from './id-thieves.ts';
import type { LongRunAnswers, LongRunQuestion, Look } from './long-run-words.ts';

const VICTIMS = fileURLToPath(new URL('./long-run-victims.ts', import.meta.url));
const MINUTE_MS = 60_000;
/** Lookups between two looks at the time. */
const LOOKUPS = 20;
/** What the victims' process may grow by in all, bytes: remembered ids and certificates, compiled code, blocks in memory. */
const MAX_GROWTH_BYTES = 128 * 1024 * 1024;
/** And what of it lives after a collection: closed connections are kept for ten seconds, some 40 KB each (node-webrtc.ts). */
const MAX_HEAP_GROWTH_BYTES = 48 * 1024 * 1024;
/** Of one core that all victims together may use, more than without an attack: 20 links to one peer, each within its rates. */
const MAX_CPU_SHARE = 0.5;

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, peers: { type: 'string' }, files: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 10);
const peers = Number(values.peers ?? 20);
const files = Number(values.files ?? 200);

let discovery = await startDiscoveryNode({ host: '127.0.0.1' });
const child = fork(VICTIMS, [discovery.url], { execArgv: ['--expose-gc', '--import', 'tsx'] });
process.exitCode = await run();
child.disconnect();
// Native threads of WebRTC would keep the process alive.
process.exit();

async function run(): Promise<number> {
  const ids = await ask('grow', peers);
  const hostile = await HostilePeer.join({ server: discovery.url });
  tell({ attacker: hostile.nodeId });
  const fileIds = await ask('store', files);
  await hostile.linked(ids);
  console.log(`${ids.length} honest peers hold ${fileIds.length} files; ${minutes} minutes of everything at once`);
  const idle = await ask('look', 0);
  const idleShare = idle.cpuSeconds / process.uptime();
  const startedAt = performance.now();
  const controller = new AbortController();
  const attacks = attackAll(hostile, { victims: ids, digests: fileIds.slice(0, 20) }, controller.signal);
  const looks: Look[] = [];
  const stolen = restartDiscovery(ids, controller.signal);
  let [asked, right] = [0, 0];
  while (performance.now() - startedAt < minutes * MINUTE_MS) {
    const minute = Math.floor((performance.now() - startedAt) / MINUTE_MS);
    if (minute === looks.length) looks.push(await ask('look', 0));
    right += await ask('lookups', LOOKUPS);
    asked += LOOKUPS;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await ask('look', 0);
  looks.push(after);
  controller.abort();
  await attacks;
  const read = await ask('read', 0);
  return report({
    looks,
    after,
    idle,
    idleShare,
    seconds,
    asked,
    right,
    read,
    stored: fileIds.length,
    stolen: await stolen,
  });
}

/** Once a minute, and strangers ask for all the ids. Resolves to how many they got. */
async function restartDiscovery(ids: readonly NodeId[], signal: AbortSignal): Promise<number> {
  let stolen = 0;
  while (!signal.aborted) {
    await sleep(MINUTE_MS / 2, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return stolen;
    const { port, url, ring }: DiscoveryNode = discovery;
    await discovery.close();
    const thieves = new IdThieves(url, ids);
    discovery = await startDiscoveryNode({ host: '127.0.0.1', port, ring });
    stolen += (await thieves.taken()).filter((id) => ids.some((own) => own === id)).length;
    thieves.stop();
  }
  return stolen;
}

interface Outcome {
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
}

function report({ after, idle, seconds, ...outcome }: Outcome): number {
  const growth = after.rssBytes - idle.rssBytes;
  const heapGrowth = after.heapBytes - idle.heapBytes;
  const share = (after.cpuSeconds - idle.cpuSeconds) / seconds;
  const closed = Object.values(after.downs).reduce((sum, count) => sum + count, 0);
  const wasClosed = Object.values(idle.downs).reduce((sum, count) => sum + count, 0);
  const active = after.statuses.filter((status) => status === 'active').length;
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['files read afterwards', `${outcome.read} of ${outcome.stored}`, outcome.read === outcome.stored],
    ['lookups right meanwhile', `${outcome.right} of ${outcome.asked}`, outcome.right === outcome.asked],
    ['links between the honest closed', `${closed - wasClosed} ${JSON.stringify(after.downs)}`, closed === wasClosed],
    ['invented nodes in tables', String(after.strangers), after.strangers === 0],
    ['honest peers active', `${active} of ${after.statuses.length}`, active === after.statuses.length],
    ['ids that strangers got', String(outcome.stolen), outcome.stolen === 0],
    ['memory of the honest', `${mib(idle.rssBytes)} + ${mib(growth)} MiB`, growth <= MAX_GROWTH_BYTES],
    ['of it objects in use', `${mib(idle.heapBytes)} + ${mib(heapGrowth)} MiB`, heapGrowth <= MAX_HEAP_GROWTH_BYTES],
    ['CPU of the honest', `${(share * 100).toFixed(1)} % of a core`, share <= outcome.idleShare + MAX_CPU_SHARE],
  ];
  for (const [what, figure, isRight] of rows)
    console.log(`${isRight ? 'right ' : 'BREACH'}  ${what.padEnd(32)} ${figure}`);
  const byMinute = (bytesOf: (look: Look) => number): string =>
    outcome.looks.map((look) => mib(bytesOf(look))).join(' ');
  console.log(`\nminute by minute, MiB: process ${byMinute(({ rssBytes }) => rssBytes)}`);
  console.log(`                       objects ${byMinute(({ heapBytes }) => heapBytes)}`);
  console.log('\nwhat the honest counted meanwhile');
  const counted = Object.entries(after.counters).map(
    ([name, count]) => [name, count - (idle.counters[name] ?? 0)] as const,
  );
  for (const [name, count] of counted.filter(([, more]) => more > 0).sort(([, a], [, b]) => b - a)) {
    console.log(`${String(count).padStart(9)}  ${name}`);
  }
  return rows.every(([, , isRight]) => isRight) ? 0 : 1;
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function ask<What extends keyof LongRunAnswers>(what: What, value: number): Promise<LongRunAnswers[What]> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('the process of the honest peers has ended'));
    child.once('exit', ended);
    child.once('message', (message: { answer: LongRunAnswers[What] } | { error: string }) => {
      child.off('exit', ended);
      if ('error' in message) reject(new Error(`${what}: ${message.error}`));
      else resolve(message.answer);
    });
    tell({ what, value });
  });
}

function tell(question: LongRunQuestion): void {
  child.send(question);
}
