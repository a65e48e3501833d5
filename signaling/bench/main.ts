// npm run bench:signaling: how many tabs a Discovery node holds and in how much memory, how many register in a second, and how
// long a signal is on its way through it: idle, while others ask as much as they may, and in storms of registrations. One
// process, and two on a Redis with one of the two tabs at each. Beside each stands an echo: a bare Socket.IO server that answers
// at once, under the same load in the same run, so that the ratio says what this Discovery node adds.

import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RedisServer, withoutRedis } from '../test/redis-server.ts';
import { connect, connectMembers, HONEST_ADDRESS, measurePassages, type PassageTimes } from './measure.ts';
import { percentile } from './percentile.ts';
import type { Burden } from './servers.ts';
import { Stage, type Strangers } from './stage.ts';

const { values } = parseArgs({
  options: {
    tabs: { type: 'string', default: '5000' },
    storm: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
    // 0: leaves that part out, which no machine bears that has other work.
    askers: { type: 'string', default: '100' },
    servers: { type: 'string', default: '1,2' },
  },
});
const [tabs, storm, seconds] = [values.tabs, values.storm, values.seconds].map(Number) as [number, number, number];
const askers = Number(values.askers);

console.log(
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`,
);
console.log(`${tabs} tabs; storms of ${storm}; ${seconds} s each; milliseconds: median / 99th percentile\n`);
for (const servers of values.servers.split(',').map(Number)) {
  if (servers > 1 && withoutRedis !== undefined) console.log(`${servers} servers: skipped, ${withoutRedis}`);
  else await measure(servers);
}

async function measure(servers: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'tabring-bench-'));
  const redis = servers > 1 ? await RedisServer.start(false) : undefined;
  const ringKeyPath = join(directory, 'ring-key.json');
  const share = (whole: number): number => Math.ceil(whole / servers);
  const strangers: Strangers = { tabs: share(tabs), storm: share(storm), askers: share(askers) };
  const nodes: Stage[] = [];
  let echo: Stage | undefined;
  try {
    for (let server = 0; server < servers; server += 1)
      nodes.push(await Stage.open({ kind: 'discovery', ringKeyPath, redis: redis?.url }, strangers));
    echo = await Stage.open({ kind: 'echo', ringKeyPath }, { tabs, storm, askers });
    console.log(servers === 1 ? '**one process**\n' : `**${servers} processes on Redis**\n`);
    await hold(nodes, echo);
    await passages(nodes, echo);
  } finally {
    for (const stage of [...nodes, ...(echo === undefined ? [] : [echo])]) stage.close();
    await redis?.end();
    rmSync(directory, { recursive: true });
  }
}

/** One crowd after the other, so that the echo's does not slow the others. */
async function hold(nodes: readonly Stage[], echo: Stage): Promise<void> {
  console.log('| | held | came in a second | memory a tab | processor a tab |\n|---|---|---|---|---|');
  for (const [name, stages] of [
    ['Discovery node', nodes],
    ['echo', [echo]],
  ] as const) {
    const before = await burdenOf(stages);
    // The slowest crowd's; before that each made its tabs' keys.
    const ms = Math.max(...(await Promise.all(stages.map((stage) => stage.order('hold')))).map(Number));
    const rate = (tabs * 1_000) / ms;
    const after = await burdenOf(stages);
    const [bytes, cpuMs] = [after.bytes - before.bytes, after.cpuMs - before.cpuMs].map((sum) => sum / tabs);
    console.log(
      `| ${name} | ${tabs} | ${rate.toFixed(0)} | ${((bytes ?? 0) / 1_000).toFixed(1)} KB | ${cpuMs?.toFixed(2)} ms |`,
    );
  }
  console.log('');
}

/** Of all together. */
async function burdenOf(stages: readonly Stage[]): Promise<Burden> {
  const each = await Promise.all(stages.map((stage) => stage.burden()));
  const sum = (part: keyof Burden): number => each.reduce((total, burden) => total + burden[part], 0);
  return { bytes: sum('bytes'), cpuMs: sum('cpuMs') };
}

async function passages(nodes: readonly Stage[], echo: Stage): Promise<void> {
  const [first, last] = [nodes[0]?.url ?? '', nodes.at(-1)?.url ?? ''];
  const members = await connectMembers([first, last]);
  const echoed = await connect(echo.url, HONEST_ADDRESS);
  const all = [...nodes, echo];
  const pass = (): Promise<PassageTimes> => measurePassages(members, echoed, seconds);
  console.log('| | relay | echo | relay : echo, 99th | processor | join in a storm |\n|---|---|---|---|---|---|');
  const measured = async (
    name: string,
    act: () => Promise<PassageTimes>,
    joins: readonly number[] = [],
  ): Promise<void> => {
    const startedAt = performance.now();
    const before = await Promise.all([burdenOf(nodes), echo.burden()]);
    const times = await act();
    const after = await Promise.all([burdenOf(nodes), echo.burden()]);
    const cores = after.map(({ cpuMs }, of) => (cpuMs - (before[of]?.cpuMs ?? 0)) / (performance.now() - startedAt));
    print(name, times, cores.map((each) => `${(100 * each).toFixed(0)} %`).join(' : '), joins);
  };
  await measured('idle', pass);
  if (askers > 0) {
    await Promise.all(all.map((stage) => stage.order('ask')));
    await measured(`${askers} sockets ask 64 times a second each`, pass);
  }
  await Promise.all(all.map((stage) => stage.order('calm')));
  // As many come to the echo at once.
  const joins: number[] = [];
  const stormy = nodes.reduceRight<() => Promise<PassageTimes>>(
    (act, stage) => async () => {
      const { result, times } = await stage.during(act);
      joins.push(...times);
      return result;
    },
    async () => (await echo.during(pass)).result,
  );
  await measured(`storms of ${storm} registrations`, stormy, joins);
  console.log('');
}

/** `cores`: how much of one the servers took, the Discovery nodes and the echo. */
function print(name: string, { relays, echoes }: PassageTimes, cores: string, joins: readonly number[]): void {
  const ratio = percentile(relays, 0.99) / percentile(echoes, 0.99);
  const joined = joins.length === 0 ? '' : shown(joins);
  console.log(`| ${name} | ${shown(relays)} | ${shown(echoes)} | ${ratio.toFixed(2)} | ${cores} | ${joined} |`);
}

function shown(times: readonly number[]): string {
  return `${percentile(times, 0.5).toFixed(1)} / ${percentile(times, 0.99).toFixed(1)}`;
}
