// A Discovery node that is restarted: those who had ids get them back, whoever else asks at that moment does not.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OwnKeys } from '../../client/src/trust/key-suite.ts';
import { ClockWatch } from '../clock-watch.ts';
import { IdRecords } from '../id-records.ts';
import { RETURN_MS } from '../limits.ts';
import type { Registration } from '../protocol.ts';
import { createRing, openRing, type Ring, recordsPath } from '../ring.ts';
import { type Bench, decoded, keysOf, register, startBench } from './support.ts';

const TABS = 10;
const PARAMS = { digits: 4, leafSetSize: 2 };
const DAY_SECONDS = 86_400;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-discovery-'));
});
afterEach(() => rm(folder, { recursive: true }));

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

interface Owner {
  readonly keys: OwnKeys;
  readonly registration: Registration;
}

/** Ten tabs with chosen ids. */
async function owners({ connect }: Bench): Promise<readonly Owner[]> {
  const all: Owner[] = [];
  for (let tab = 0; tab < TABS; tab += 1) {
    const socket = await connect();
    const registration = await register(socket, { wantedId: `${tab}abc` });
    all.push({ registration, keys: await keysOf(socket) });
  }
  return all;
}

/** Strangers ask for all the ids before their owners are back, and again after. */
async function expectAllKeepTheirIds({ connect, node }: Bench, all: readonly Owner[]): Promise<void> {
  const stranger = async ({ registration: { nodeId } }: Owner): Promise<Registration> =>
    register(await connect(), { wantedId: nodeId });
  const before = node.peers();
  const strangers = [];
  for (const owner of all) strangers.push(await stranger(owner));
  for (const [index, { keys, registration }] of all.entries()) {
    const { nodeId, certificate } = registration;
    expect(strangers[index]).toMatchObject({ wantedIdGranted: false, refusal: 'taken' });
    const back = await register(await connect(), { wantedId: nodeId, keys, certificate, life: 'same' });
    expect(back).toMatchObject({ nodeId, wantedIdGranted: true });
    expect(decoded(back.certificate).epoch).toBe(decoded(certificate).epoch);
  }
  for (const owner of all) expect(await stranger(owner)).toMatchObject({ refusal: 'taken' });
  expect(node.peers()).toBe(before + 3 * TABS);
}

test.each([1, 2, 3])('with its key and records all keep their ids, run %i', async (run) => {
  const path = join(folder, 'ring-key.json');
  const open = (): Promise<Ring> => openRing(path, { seconds, tell: () => undefined });
  const before = await startBench({ params: PARAMS, ring: await open() });
  const all = await owners(before);
  // Closed before or after its tabs, and once without a chance to write what is new.
  if (run === 1) await before.close();
  else await before.node.close();
  if (run === 3) await rm(recordsPath(path));
  const after = await startBench({ params: PARAMS, ring: await open() });
  expect(after.node.ring.keys.signKey).toBe(before.node.ring.keys.signKey);
  await expectAllKeepTheirIds(after, all);
  await before.close();
  await after.close();
});

test('without its records nobody gets an id by wish until those who are in the ring are back', async () => {
  let now = 0;
  const before = await startBench({ params: PARAMS });
  const all = await owners(before);
  await before.node.close();
  const ring: Ring = { ...before.node.ring, records: new IdRecords(), isComplete: false };
  const after = await startBench({ params: PARAMS, ring, now: () => now });
  const [early, late] = [await after.connect(), await after.connect()];
  expect(await register(early, { wantedId: 'beef' })).toMatchObject({ refusal: 'taken' });
  await expectAllKeepTheirIds(after, all);
  now += RETURN_MS;
  expect(await register(late, { wantedId: 'beef' })).toMatchObject({ nodeId: 'beef', wantedIdGranted: true });
  await before.close();
  await after.close();
});

test('a new ring lets its visitors choose at once', async () => {
  const ring = await openRing(join(folder, 'deep', 'down', 'key.json'), { seconds, tell: () => undefined });
  const bench = await startBench({ params: PARAMS, ring });
  expect(await register(await bench.connect(), { wantedId: 'beef' })).toMatchObject({ nodeId: 'beef' });
  await bench.close();
});

test('what tabs registered is in the file a moment later, without a clean end', async () => {
  const path = join(folder, 'ring-key.json');
  const bench = await startBench({ params: PARAMS, ring: await openRing(path, { seconds, tell: () => undefined }) });
  const [owner] = await owners(bench);
  const written = (): Promise<string> => readFile(recordsPath(path), 'utf8').catch(() => '');
  await expect.poll(written, { timeout: 60_000 }).toContain(owner?.keys.signKey);
  await bench.close();
});

test('damaged records are set aside with a sentence, and owners come back by their certificates', async () => {
  const path = join(folder, 'ring-key.json');
  const before = await startBench({ params: PARAMS, ring: await openRing(path, { seconds, tell: () => undefined }) });
  const all = await owners(before);
  await before.close();
  const text = await readFile(recordsPath(path), 'utf8');
  await writeFile(recordsPath(path), text.slice(0, 400));
  const told: string[] = [];
  const ring = await openRing(path, { seconds, tell: (line) => told.push(line) });
  expect(told.join('\n')).toContain(`damaged, now ${recordsPath(path)}.damaged`);
  expect(await readFile(`${recordsPath(path)}.damaged`, 'utf8')).toBe(text.slice(0, 400));
  const after = await startBench({ params: PARAMS, ring });
  await expectAllKeepTheirIds(after, all);
  await after.close();
});

test('records of another ring are set aside too', async () => {
  const [mine, other] = [join(folder, 'mine.json'), join(folder, 'other.json')];
  const open = (path: string, tell = (_: string): void => undefined) => openRing(path, { seconds, tell });
  const bench = await startBench({ params: PARAMS, ring: await open(other) });
  await owners(bench);
  await bench.close();
  await (await open(mine)).close();
  await writeFile(recordsPath(mine), await readFile(recordsPath(other)));
  const told: string[] = [];
  const ring = await open(mine, (line) => told.push(line));
  expect(ring.records.size).toBe(0);
  expect(told.join('\n')).toContain('damaged');
});

test.each([
  ['away for longer than certificates run', 8],
  ['restarted with a clock that is a year ahead', 365],
])('%s all keep their ids, and later ended records are dropped', async (_, days) => {
  const path = join(folder, 'ring-key.json');
  const bench = await startBench({ params: PARAMS, ring: await openRing(path, { seconds, tell: () => undefined }) });
  const all = await owners(bench);
  await bench.node.close();
  let later = days * DAY_SECONDS;
  const then = (): number => seconds() + later;
  const open = (): Promise<Ring> => openRing(path, { seconds: then, tell: () => undefined });
  const after = await startBench({ params: PARAMS, ring: await open(), calendar: () => then() * 1000 });
  await expectAllKeepTheirIds(after, all);
  await bench.close();
  await after.close();
  // Nobody has come for longer than certificates run, and for as long as all have to come back.
  later += 8 * DAY_SECONDS;
  const last = await startBench({ params: PARAMS, ring: await open(), calendar: () => then() * 1000 });
  later += RETURN_MS / 1000;
  const stranger = await register(await last.connect(), { wantedId: '1abc' });
  expect(stranger).toMatchObject({ nodeId: '1abc', wantedIdGranted: true });
  await last.close();
  const text = await readFile(recordsPath(path), 'utf8');
  expect(text.match(/abc/g)).toEqual(['abc']);
});

test('a Discovery node without a file keeps its ring in memory, for another in the same process', async () => {
  const ring = await createRing();
  const before = await startBench({ params: PARAMS, ring });
  const all = await owners(before);
  await before.node.close();
  const after = await startBench({ params: PARAMS, ring: before.node.ring });
  await expectAllKeepTheirIds(after, all);
  await before.close();
  await after.close();
});

test('once its clock was set all register again, with certificates of the new time, and nobody takes an id meanwhile', async () => {
  let aheadMs = 0;
  let passedMs = 0;
  const calendar = (): number => Date.now() + aheadMs;
  const bench = await startBench({ params: PARAMS, calendar, now: () => passedMs });
  const all = await owners(bench);
  const watch = new ClockWatch({
    now: () => passedMs,
    calendar: () => passedMs + aheadMs,
    jumped: bench.node.clockSet,
  });
  watch.look();
  expect(bench.node.peers()).toBe(TABS);
  aheadMs = 365 * DAY_SECONDS * 1000;
  watch.look();
  watch.stop();
  await expect.poll(() => bench.node.peers(), { timeout: 60_000 }).toBe(0);
  await expectAllKeepTheirIds(bench, all);
  const early = await register(await bench.connect(), { wantedId: 'beef' });
  expect(early).toMatchObject({ refusal: 'taken' });
  expect(decoded(early.certificate).issued).toBeGreaterThan(seconds() + 364 * DAY_SECONDS);
  passedMs += RETURN_MS;
  expect(await register(await bench.connect(), { wantedId: 'beef' })).toMatchObject({ nodeId: 'beef' });
  await bench.close();
});
