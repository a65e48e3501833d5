// `npm run test:hostile [-- --minutes <n> --peers <n> --files <n> --snapshots <folder>]`: a ring of honest Node peers with files in
// it, and hostile peers that do all they can at once for ten minutes, while the Discovery node is restarted and strangers ask for
// ids. Prints what came of it as a table; exit code 1 if a single promise was broken. `--snapshots`: of the honest peers' heap, at
// the start, in the middle and at the end.

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { attackAll } from './all-at-once.ts';
import { HostileCrew } from './hostile-crew.ts';
import { IdThieves } from './id-thieves.ts';
import { printTables, report } from './long-run-report.ts';
import type { LongRunAnswers, LongRunQuestion, Look, Use } from './long-run-words.ts';

const VICTIMS = fileURLToPath(new URL('./long-run-victims.ts', import.meta.url));
const MINUTE_MS = 60_000;
/** Lookups between two looks at the time. */
const LOOKUPS = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    peers: { type: 'string' },
    files: { type: 'string' },
    snapshots: { type: 'string' },
  },
});
const minutes = Number(values.minutes ?? 10);
const peers = Number(values.peers ?? 20);
const files = Number(values.files ?? 200);
const { snapshots } = values;

let discovery = await startDiscoveryNode({ host: '127.0.0.1' });
const child = fork(VICTIMS, [discovery.url], { execArgv: ['--expose-gc', '--import', 'tsx'] });
process.exitCode = await run();
child.disconnect();
// Native threads of WebRTC would keep the process alive.
process.exit();

async function run(): Promise<number> {
  const ids = await ask('grow', peers);
  const fileIds = await ask('store', files);
  const [fileId = ''] = fileIds;
  const [nodeId] = ids;
  if (nodeId === undefined) throw new Error('a ring without peers');
  const key = idFromPrefix(fileId.slice(0, nodeId.length), nodeId.length);
  if (key === undefined) throw new Error('a file id begins with no key');
  const crew = await HostileCrew.join(discovery.url, nodeId, key);
  await crew.breaker.linked(ids);
  const traps = await crew.setTraps(ids);
  tell({ attackers: crew.ids, traps });
  console.log(`${ids.length} honest peers hold ${fileIds.length} files; ${minutes} minutes of everything at once`);
  const idle = await ask('look', 0);
  snapshot('start');
  const idleShare = idle.cpuSeconds / process.uptime();
  const startedAt = performance.now();
  const controller = new AbortController();
  await crew.lie(ids, traps);
  const options = { victims: ids, digests: fileIds.slice(0, 20), traps, server: discovery.url };
  const attacks = attackAll(crew, options, controller.signal);
  const looks: Look[] = [];
  const used: Readonly<Record<Use, boolean>>[] = [];
  const stolen = restartDiscovery(ids, controller.signal);
  let [asked, right] = [0, 0];
  while (performance.now() - startedAt < minutes * MINUTE_MS) {
    const minute = Math.floor((performance.now() - startedAt) / MINUTE_MS);
    if (minute >= looks.length) {
      looks.push(await ask('look', 0));
      printTables(looks);
      if (minute === Math.floor(minutes / 2)) snapshot('middle');
      used.push(await ask('use', minute));
    }
    right += await ask('lookups', LOOKUPS);
    asked += LOOKUPS;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await ask('look', 0);
  looks.push(after);
  printTables(looks);
  snapshot('end');
  controller.abort();
  await attacks;
  const read = await ask('read', 0);
  const stored = fileIds.length;
  return report({ looks, after, idle, idleShare, seconds, asked, right, read, stored, used, stolen: await stolen });
}

function snapshot(when: string): void {
  if (snapshots !== undefined) tell({ snapshot: join(snapshots, `${when}.heapsnapshot`) });
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
