// `npm run ring -- --peers 200 --server http://localhost:8080`: many peers in one process, for tests of scale. Says when
// all are active and when their leaf sets are exact, and keeps them running until it is stopped. To "inspect" on standard
// input it answers with all inspections as one line of JSON, to "lookup <key>" with what each peer finds.
// Exit codes: 0 stopped, 1 not exact in time or no Discovery node, 2 wrong options.

import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connect } from './commands/client.ts';
import type { CommandContext } from './commands/context.ts';
import type { NodePeer } from './compose.ts';
import { wrongLeafSets } from './leaf-sets.ts';
import { stopSignals } from './stop-signals.ts';

const USAGE = 'Usage: npm run ring -- [--peers <n>] [--server <url>] [--at-once <n>] [--seconds <n>]';
/** Peers that join at the same time, by default: what keeps two cores busy. */
const AT_ONCE = 8;
/** How long the ring may take to become exact, by default, seconds. */
const LIMIT_SECONDS = 300;
const CHECK_MS = 250;

const signal = stopSignals();
process.exitCode = await run();
// Native threads of WebRTC would keep the process alive.
process.exit();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { peers: wanted, server, atOnce, limitMs } = options;
  const context: CommandContext = {
    ...{ server, json: false, isWatched: false, signal },
    print: (line) => console.log(line),
    tell: (line) => console.error(line),
    paint: (_, text) => text,
  };
  const nodes: NodePeer[] = [];
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const join = async (): Promise<void> => {
    const node = await connect(context, {});
    nodes.push(node);
    await node.peer.start();
    if (await until(() => node.peer.status === 'active', limitMs)) return;
    const active = nodes.filter(({ peer }) => peer.status === 'active').length;
    throw new Error(`${active} of ${wanted} peers active after ${seconds()}; ${resources(nodes)}`);
  };
  try {
    // The first one founds the ring, if there is none.
    await join();
    let begun = 1;
    const joinOthers = async (): Promise<void> => {
      while (begun < wanted) {
        begun += 1;
        await join();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, joinOthers));
    console.log(`${nodes.length} peers active after ${seconds()}`);
    const wrong = (): number => wrongLeafSets(nodes.map(({ peer }) => peer.inspect())).length;
    const isExact = await until(() => wrong() === 0, limitMs);
    const words = isExact ? 'leaf sets exact' : `${wrong()} leaf sets wrong`;
    console.log(`${words} after ${seconds()}; ${resources(nodes)}`);
    if (!isExact) return 1;
    answerQuestions(nodes);
    while (!signal.aborted) await delay(CHECK_MS);
    console.log(`stopped after ${seconds()}; ${resources(nodes)}`);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return signal.aborted ? 0 : 1;
  } finally {
    await Promise.all(nodes.map((node) => node.goodbye()));
  }
}

/** For programs that watch a ring of several such processes. */
function answerQuestions(nodes: readonly NodePeer[]): void {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const [question, key = ''] = line.split(' ');
    if (question === 'inspect') console.log(`inspections ${JSON.stringify(nodes.map(({ peer }) => peer.inspect()))}`);
    if (question !== 'lookup') return;
    // A lookup that fails is an answer too.
    const found = await Promise.allSettled(nodes.map(({ peer }) => peer.lookup(key)));
    const roots = found.map((result) => (result.status === 'fulfilled' ? result.value.root : String(result.reason)));
    console.log(`roots ${key} ${JSON.stringify(roots)}`);
  });
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        peers: { type: 'string', default: '50' },
        server: { type: 'string', default: process.env.TABRING_SERVER || 'http://localhost:8080' },
        'at-once': { type: 'string', default: String(AT_ONCE) },
        seconds: { type: 'string', default: String(LIMIT_SECONDS) },
      },
    });
    const [peers, atOnce, limit] = [values.peers, values['at-once'], values.seconds].map(Number);
    if (!(peers && atOnce && limit)) return undefined;
    return { peers, atOnce, limitMs: limit * 1000, server: values.server };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

/** True once `isTrue`; false after `limitMs`, or if the user stops it. */
async function until(isTrue: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!isTrue()) {
    if (performance.now() > end || signal.aborted) return false;
    await delay(CHECK_MS);
  }
  return true;
}

function resources(nodes: readonly NodePeer[]): string {
  const ends = nodes.reduce((sum, { peer }) => sum + peer.inspect().links.length, 0);
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  const { user, system } = process.cpuUsage();
  return `${ends} ends of links, ${megabytes} MB, ${((user + system) / 1e6).toFixed(1)} s of CPU`;
}
