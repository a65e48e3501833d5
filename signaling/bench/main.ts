// npm run bench:discovery: how long a registration waits for its answer, and how long a signal is on its way through the
// Discovery node, while others ask for as much as they may. Beside each stands an echo: a bare Socket.IO server that answers
// at once, under the same load in the same run, so that the ratio says what this Discovery node adds.

import { cpus, loadavg } from 'node:os';
import type { Crowd } from './crowd.ts';
import {
  connect,
  connectMembers,
  HONEST_ADDRESS,
  type Join,
  measureJoins,
  measurePassages,
  type PassageTimes,
} from './measure.ts';
import { percentile } from './percentile.ts';
import { Stage } from './stage.ts';

interface Scene {
  readonly name: string;
  readonly crowd: Crowd;
}

const NOBODY: Crowd = { tabs: 0, tabAddresses: 1, askers: 0, askerAddresses: 1 };
const SCENES: readonly Scene[] = [
  { name: 'nobody else', crowd: NOBODY },
  { name: '300 registered from one address', crowd: { ...NOBODY, tabs: 300 } },
  { name: '1,000 tabs', crowd: { ...NOBODY, tabs: 1_000, tabAddresses: 200 } },
  {
    name: '1,000 tabs; 100 sockets of one address ask 64 times a second each',
    crowd: { tabs: 1_000, tabAddresses: 200, askers: 100, askerAddresses: 1 },
  },
  {
    name: '1,000 tabs; 100 sockets of 100 addresses ask 64 times a second each',
    crowd: { tabs: 1_000, tabAddresses: 200, askers: 100, askerAddresses: 100 },
  },
];

console.log(
  `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}, Node ${process.versions.node}`,
);
console.log('milliseconds: median / 99th percentile\n');
console.log('| | registration | relay | echo | relay : echo, 99th | sponsors that answer |');
console.log('|---|---|---|---|---|---|');
for (const scene of SCENES) console.log(await row(scene));

async function row({ name, crowd }: Scene): Promise<string> {
  const [discovery, echo] = [await Stage.open('discovery', crowd), await Stage.open('echo', crowd)];
  let times: PassageTimes;
  let joins: readonly Join[];
  try {
    const members = await connectMembers(discovery.url);
    const echoed = await connect(echo.url, HONEST_ADDRESS);
    for (const stage of [discovery, echo]) stage.ask();
    times = await measurePassages(members, echoed);
    joins = await measureJoins(discovery.url, members);
  } finally {
    for (const stage of [discovery, echo]) stage.close();
  }
  const { relays, echoes } = times;
  const ratio = percentile(relays, 0.99) / percentile(echoes, 0.99);
  const answering = `${joins.filter(({ isMember }) => isMember).length} of ${joins.length}`;
  return `| ${name} | ${shown(joins.map(({ ms }) => ms))} | ${shown(relays)} | ${shown(echoes)} | ${ratio.toFixed(2)} | ${answering} |`;
}

function shown(times: readonly number[]): string {
  return `${percentile(times, 0.5).toFixed(1)} / ${percentile(times, 0.99).toFixed(1)}`;
}
