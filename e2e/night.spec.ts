// A night: four people with a browser profile each close everything, the Discovery node too. In the morning all come back, and
// another day only two of them: as the nodes that they were, with all files.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, expect, test } from 'playwright/test';
import type { NodeId } from '../client/src/core/pastry/id.ts';
import { Command } from '../client/test/node/command.ts';
import { chromiumLaunch } from './support/chromium.ts';
import { expected, fetchIn, storeIn, type TestFile } from './support/files.ts';
import { explainedBy, inspect, isActive, register, type Tab } from './support/ring.ts';

const SERVER = fileURLToPath(new URL('../signaling/main.ts', import.meta.url));
const PEOPLE = ['ada', 'ben', 'cleo', 'dan'] as const;
type Person = (typeof PEOPLE)[number];
/** Those who stored nothing: of four profiles three have a copy of each block, so one of any two has. */
const LATE = ['cleo', 'dan'] as const;
const COPIES = 3;
const COPIES_MS = 60_000;
/** Ten browsers start and end: under a minute on an idle machine. */
const TEST_MS = 420_000;

test.setTimeout(TEST_MS);

/** A manifest with its bytes inside, and a manifest with a segment. */
const FILES: readonly { readonly by: Person; readonly isPublic: boolean; readonly file: TestFile }[] = [
  { by: 'ada', isPublic: false, file: { name: 'diary.txt', type: 'text/plain', size: 5_000, seed: 91 } },
  { by: 'ada', isPublic: true, file: { name: 'poster.png', type: 'image/png', size: 300_000, seed: 92 } },
  { by: 'ben', isPublic: false, file: { name: 'photos.zip', type: 'application/zip', size: 400_000, seed: 93 } },
  { by: 'ben', isPublic: true, file: { name: 'timetable.txt', type: 'text/plain', size: 2_000, seed: 94 } },
];

let directory = '';
test.beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-night-'));
});
test.afterEach(() => rm(directory, { recursive: true, force: true }));

test('closed over night and back in the morning, then two of four: the same ids, all files', async () => {
  let server = await serve(0);
  let open = await openAll(PEOPLE, server.url);
  const ids = await idsOf(open);
  const links: string[] = [];
  for (const { by, isPublic, file } of FILES) {
    links.push((await storeIn(tabOf(open, by), file, { isPublic })).link);
  }
  await expect.poll(() => leastCopies(open), { timeout: COPIES_MS }).toBe(COPIES);
  await closeAll(open);
  await server.close();

  for (const people of [PEOPLE, LATE]) {
    server = await serve(server.port);
    open = await openAll(people, server.url);
    expect(await idsOf(open)).toEqual(new Map(people.map((person) => [person, ids.get(person)])));
    for (const [person, tab] of open) {
      for (const [index, { file }] of FILES.entries()) {
        expect(await fetchIn(tab, links[index] ?? ''), `${file.name} for ${person}`).toEqual(expected(file));
      }
      for (const { file, isPublic } of FILES) expect(await found(tab, file.name), file.name).toBe(isPublic ? 1 : 0);
      const own = await tab.page.evaluate(() =>
        window.tabring
          ?.listFiles()
          .own.map(({ name }) => name)
          .toSorted(),
      );
      expect(own).toEqual(FILES.filter(({ by }) => by === person).map(({ file }) => file.name));
      expect(tab.complaints).toEqual([]);
    }
    await closeAll(open);
    await server.close();
  }
});

/** The Discovery node as a process, with its key and its records in files. */
async function serve(port: number): Promise<{ url: string; port: number; close: () => Promise<void> }> {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--ring-key', join(directory, 'ring.json')];
  const command = new Command('', args, { program: ['--import', 'tsx', SERVER] });
  const url = (await command.matched('Tabring is ready: ', 0)).trim();
  const close = async (): Promise<void> => {
    command.signal('SIGTERM');
    expect((await command.ended).code).toBe(0);
  };
  return { url, port: Number(new URL(url).port), close };
}

/** Joining one after the other, each in a browser of its own on the profile that is its own on the disk. */
async function openAll(people: readonly Person[], url: string): Promise<Map<Person, Tab>> {
  const tabByPerson = new Map<Person, Tab>();
  const explained = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      throw await explainedBy([...tabByPerson.values()], error);
    }
  };
  const launch = (person: Person) => chromium.launchPersistentContext(join(directory, person), chromiumLaunch());
  const contexts = await Promise.all(people.map(launch));
  for (const [index, context] of contexts.entries()) {
    const page = context.pages()[0] ?? (await context.newPage());
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const tab: Tab = { ring: { explained }, page, context, complaints };
    tabByPerson.set(people[index] ?? PEOPLE[0], tab);
    await register(tab, url);
    await isActive(tab);
  }
  for (const tab of tabByPerson.values()) await knows(tab, people.length - 1);
  return tabByPerson;
}

/** Waits until it has so many others in its leaf set. */
async function knows(tab: Tab, others: number): Promise<void> {
  const known = tab.page.waitForFunction((others) => window.tabring?.inspect().leafSet.cw.length === others, others, {
    polling: 100,
  });
  await tab.ring.explained(known);
}

async function closeAll(open: ReadonlyMap<Person, Tab>): Promise<void> {
  await Promise.all([...open.values()].map(({ context }) => context.close()));
}

async function idsOf(open: ReadonlyMap<Person, Tab>): Promise<Map<Person, NodeId>> {
  const ids = new Map<Person, NodeId>();
  for (const [person, tab] of open) ids.set(person, (await inspect(tab)).nodeId);
  return ids;
}

function tabOf(open: ReadonlyMap<Person, Tab>, person: Person): Tab {
  const tab = open.get(person);
  if (tab === undefined) throw new Error(`${person} is not there`);
  return tab;
}

/** Of the block that the fewest of them have, names of public files included; at most as many as there are to be. */
async function leastCopies(open: ReadonlyMap<Person, Tab>): Promise<number> {
  const copies = new Map<string, number>();
  for (const { page } of open.values()) {
    const held = await page.evaluate(() => window.tabring?.listFiles().held.map(({ digest }) => digest) ?? []);
    for (const digest of held) copies.set(digest, (copies.get(digest) ?? 0) + 1);
  }
  // A manifest of each file, two segments, two names.
  return copies.size < FILES.length + 4 ? 0 : Math.min(COPIES, ...copies.values());
}

/** How many public files there are of this name. */
function found(tab: Tab, name: string): Promise<number | undefined> {
  return tab.page.evaluate(async (name) => (await window.tabring?.find(name))?.files.length, name);
}
