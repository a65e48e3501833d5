// A ring of real peers in this process, links over WebRTC: what its joins and 1,000 lookups cost, as one line of JSON. It uses
// nothing that versions of this project do not share, so that an older one can be measured beside the present one.
// Arguments: the top folder of the version, how many peers, leaves of each.

import { pathToFileURL } from 'node:url';
import { randomId } from '../../../client/src/peer/random-id.ts';

const LOOKUPS = 1_000;
/** Not counted. */
const WARM_UP_LOOKUPS = 2_000;
const WARM_UP_JOINS = 4;
const PARALLEL = 20;
/** Joins settle for so long before lookups are counted, milliseconds. */
const SETTLE_MS = 5_000;

/** By default few leaves, so that most lookups take more than one hop. */
const [top = '.', count = '20', leaves = '4'] = process.argv.slice(2);
const load = (path: string) => import(pathToFileURL(`${top}/${path}`).href);
const { startDiscoveryNode } = await load('signaling/server.ts');
const { composeNodePeer } = await load('client/src/node/compose.ts');

const discovery = await startDiscoveryNode({ host: '127.0.0.1', params: { leafSetSize: Number(leaves) } });
interface Looking {
  lookup(key: string): Promise<{ readonly hops: number }>;
}

const peers: Looking[] = [];
// The first load modules, and let the compiler see what runs often.
await joinAll(WARM_UP_JOINS);
const startedAt = process.cpuUsage();
await joinAll(Number(count));
const joinMs = since(startedAt) / Number(count);
await lookUpAll(WARM_UP_LOOKUPS);
const beforeLookups = process.cpuUsage();
const hops = await lookUpAll(LOOKUPS);
console.log(JSON.stringify({ joinMs, lookupsMs: since(beforeLookups), hops }));
process.exit(0);

/** Opens so many peers, one after the other, and lets them settle. */
async function joinAll(total: number): Promise<void> {
  for (let opened = 0; opened < total; opened += 1) {
    const { peer } = await composeNodePeer({ server: discovery.url });
    await peer.start();
    while (peer.status !== 'active') await new Promise((resolve) => setTimeout(resolve, 5));
    peers.push(peer);
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
}

async function lookUpAll(total: number): Promise<number> {
  let issued = 0;
  let hopsTaken = 0;
  const work = async (): Promise<void> => {
    while (issued < total) {
      const peer = peers[issued % peers.length];
      issued += 1;
      const result = await peer?.lookup(randomId());
      hopsTaken += result?.hops ?? 0;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return hopsTaken / total;
}

/** CPU time of all threads, milliseconds. */
function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
