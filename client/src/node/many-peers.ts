// `npm run ring -- --peers 200 --server http://localhost:8080`: many peers in one process, for tests of scale. Says when
// all are active and when their leaf sets are exact, and keeps them running until it is stopped. Meanwhile it answers
// questions on standard input (crowd-questions.ts). Several such processes may make one ring.
// Exit codes: 0 stopped, 1 not exact in time or no Discovery node, 2 wrong options.

import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CommandContext } from './commands/context.ts';
import { answerQuestions } from './crowd-questions.ts';
import { PeerCrowd } from './peer-crowd.ts';
import { sayOn } from './standard-streams.ts';
import { stopSignals } from './stop-signals.ts';

const USAGE = 'Usage: npm run ring -- [--peers <n>] [--server <url>] [--at-once <n>] [--seconds <n>]';
/** Peers that join at the same time, by default: what keeps two cores busy. */
const AT_ONCE = 8;
/** How long the ring may take to become exact, by default, seconds. */
const LIMIT_SECONDS = 300;
/** And how long one peer may take to become active. */
const JOIN_MS = 90_000;
const CHECK_MS = 250;

const [print, tell] = [sayOn(process.stdout), sayOn(process.stderr)];
const signal = stopSignals();
process.exitCode = await run();
// Native threads of WebRTC would keep the process alive.
process.exit();

async function run(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    tell(USAGE);
    return 2;
  }
  const { peers: wanted, server, atOnce, limitMs } = options;
  const context: CommandContext = {
    ...{ server, isServerSaid: true, json: false, isWatched: false, askSecret: async () => undefined, signal },
    ...{ print, tell },
  };
  const crowd = new PeerCrowd(context, Math.min(limitMs, JOIN_MS));
  const startedAt = performance.now();
  const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    await crowd.grow(wanted, atOnce);
    print(`${crowd.size} peers active after ${seconds()}`);
    const isExact = await until(() => crowd.wrongLeafSets() === 0, limitMs);
    const words = isExact ? 'leaf sets exact' : `${crowd.wrongLeafSets()} leaf sets wrong`;
    print(`${words} after ${seconds()}; ${resources(crowd)}`);
    if (!isExact) return 1;
    answerQuestions(crowd, print);
    while (!signal.aborted) await delay(CHECK_MS);
    print(`stopped after ${seconds()}; ${resources(crowd)}`);
    return 0;
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    if (!signal.aborted) tell(`after ${seconds()}: ${resources(crowd)}`);
    return signal.aborted ? 0 : 1;
  } finally {
    await crowd.goodbye();
  }
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
    tell(error instanceof Error ? error.message : String(error));
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

function resources(crowd: PeerCrowd): string {
  const { peers, openLinks, rssBytes, cpuSeconds } = crowd.measure();
  return `${peers} peers, ${openLinks} ends of links, ${Math.round(rssBytes / 1e6)} MB, ${cpuSeconds.toFixed(1)} s of CPU`;
}
