// What every case must show: a file that is stored in one home comes out right in the other, and each tab knows and says
// how its links run.

import { expect, test } from 'playwright/test';
import type { LinkInfo } from '../../client/src/peer/ports.ts';
import { MAX_RELAY_BYTES } from '../../signaling/relay-protocol.ts';
import { expected, fetchIn, storeIn, type TestFile } from '../support/files.ts';
import { openPlace } from '../support/page.ts';
import type { Tab } from '../support/ring.ts';
import { type HomesOptions, HomesRing } from './homes-ring.ts';
import { timed } from './timed.ts';
import { COMPUTERS, type Computer } from './two-homes.ts';

type Path = NonNullable<LinkInfo['path']>;

export interface Crossing extends HomesOptions {
  /** How links between the homes must run; within a home they are direct. */
  readonly across: Path;
  /** The same for links of Node peers, if it is another way. */
  readonly nodeAcross?: Path;
  /** What a Node peer must say of a link that did not open. */
  readonly nodeReason?: RegExp;
}

const FILE: TestFile = { name: 'holiday.mp4', type: 'video/mp4', size: 20_000_000, seed: 5 };
/** A link that did not open in time, as happens on a busy machine, is tried again after a minute: until then the ring relays. */
const PATHS_MS = 180_000;

/** Two computers in each home. */
const PAIRS_ACROSS = 4;

/** What Firefox itself writes to the console when a connection fails, as it has to where there is no TURN server. */
const FIREFOX_ADVICE = /ICE failed, add a TURN server/;

export async function cross(crossing: Crossing): Promise<void> {
  const ring = await test.step('a ring of both homes forms', () => HomesRing.start(crossing));
  try {
    await test.step('every node knows how its links run, and the pages say so', () => knowsPaths(ring, crossing));
    const exchange = (): Promise<void> => exchanges(ring);
    const { relayRate, hasTwoServers } = crossing;
    const rate = relayRate && relayRate * (hasTwoServers === true ? 2 : 1);
    await (rate === undefined ? exchange() : countedAndBounded(ring, rate, exchange));
    for (const tab of ring.tabs) expect(tab.complaints.filter((words) => !FIREFOX_ADVICE.test(words))).toEqual([]);
  } finally {
    await ring.stop();
  }
}

async function exchanges(ring: HomesRing): Promise<void> {
  const { link } = await test.step('a file is stored in one', () =>
    timed('stored', FILE.size, () => storeIn(ring.tab('a1'), FILE)));
  const fetched = await test.step('and fetched in the other', () =>
    timed('fetched', FILE.size, () => fetchIn(ring.tab('b2'), link)));
  expect(fetched).toEqual(expected(FILE));
}

/** The file crosses once at least, and no more goes over the Discovery nodes than their operator allows. `rate`: megabytes a second, of all. */
async function countedAndBounded(ring: HomesRing, rate: number, exchange: () => Promise<void>): Promise<void> {
  const [before, startedAt] = [ring.relayed(), performance.now()];
  await exchange();
  const [after, seconds] = [ring.relayed(), (performance.now() - startedAt) / 1000];
  const bytes = after.bytes - before.bytes;
  test.info().annotations.push({
    type: 'relayed',
    description: `${bytes} bytes in ${seconds.toFixed(1)} s, ${after.pairs} pairs`,
  });
  expect(after.pairs).toBe(PAIRS_ACROSS);
  expect(bytes).toBeGreaterThan(FILE.size);
  // A second's worth may go at once, and a piece of each more.
  expect(bytes).toBeLessThanOrEqual((seconds + 1) * rate * 1_000_000 + 2 * MAX_RELAY_BYTES);
}

async function knowsPaths(ring: HomesRing, crossing: Crossing): Promise<void> {
  const { nodeReason, programs = {} } = crossing;
  const nodeIds = new Map<Computer, string>();
  for (const computer of COMPUTERS) nodeIds.set(computer, (await ring.inspect(computer)).nodeId);
  for (const computer of COMPUTERS) {
    const wanted = new Map<string, unknown>();
    for (const [other, nodeId] of nodeIds) {
      if (other !== computer) wanted.set(nodeId, wantedPath(crossing, computer, other));
    }
    const isAsWanted = (read: () => Promise<ReadonlyMap<string, string>>): Promise<void> =>
      ring.explained(
        expect
          .poll(async () => Object.fromEntries(await read()), { timeout: PATHS_MS })
          .toMatchObject(Object.fromEntries(wanted)),
      );
    await isAsWanted(async () => {
      const { links } = await ring.inspect(computer);
      return new Map(links.map(({ nodeId, path, state }) => [nodeId, path ?? state]));
    });
    if (programs[computer] !== 'node') {
      await openPlace(ring.tab(computer), 'ring');
      await isAsWanted(() => pathsShownIn(ring.tab(computer)));
    } else if (nodeReason !== undefined) {
      // Its own end of an attempt may fail a moment after the other's, from which it has heard that the ring carries.
      const reasons = async () => (await ring.inspect(computer)).linkFailures.map(({ message }) => message).join();
      await expect.poll(reasons, { timeout: PATHS_MS }).toMatch(nodeReason);
    }
  }
}

async function pathsShownIn(tab: Tab): Promise<ReadonlyMap<string, string>> {
  const rows = await tab.page.locator('#links li').evaluateAll((rows) =>
    rows.map((row): [string, string] => {
      const nodeId = row.querySelector('code')?.title ?? '';
      return [nodeId, row.querySelector('.way')?.textContent ?? ''];
    }),
  );
  return new Map(rows.map(([nodeId, words]) => [nodeId, pathOf(words)]));
}

/** What a user takes from the words. */
function pathOf(words: string): string {
  if (words === 'direct') return 'direct';
  if (words === 'over a TURN server') return 'turn';
  if (words === 'over the Discovery node, sealed') return 'server';
  return /^through the ring, carried by [0-9a-f]{4}…$/.test(words) ? 'ring' : words;
}

/** Firefox keeps the first path that works: between two computers of a home that may be the one over TURN. */
const DIRECT_OR_TURN: unknown = expect.stringMatching(/^(direct|turn)$/);

function wantedPath(crossing: Crossing, from: Computer, to: Computer): unknown {
  const { ice, across, nodeAcross = across, programs = {} } = crossing;
  const hasFirefox = programs[from] === 'firefox' || programs[to] === 'firefox';
  if (from[0] === to[0]) return hasFirefox && ice === 'turn' ? DIRECT_OR_TURN : 'direct';
  return programs[from] === 'node' || programs[to] === 'node' ? nodeAcross : across;
}
