// The lesson of docs/classroom.md, held with ten tabs: every command that stands there is typed, every answer compared.

import { expect, test } from 'playwright/test';
import { Prompt } from '../client/src/prompt/prompt.ts';
import { leafSetText, routingTableText } from '../client/test/prompt/oracle.ts';
import { discoveryCommands } from '../signaling/prompt.ts';
import { lessonSteps } from './support/lesson.ts';
import { openPlace } from './support/page.ts';
import { isActive, Ring, type Tab } from './support/ring.ts';

const IDS = ['0b94', '3f2a', '58c1', '7ad3', '9c0e', 'b641', '1e77', '18c1', '1807', '1804'];
/** What the lesson's file.txt holds. */
const FILE = { name: 'file.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') };
const TEST_MS = 240_000;

/** Devices are chance, and the address is the teacher's. */
function comparable(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/\b[0-9a-f]{8}:/g, 'device:').replace(/https?:\/\/[^/]+/, 'http://host'));
}

/** Reads what has been answered so far: lines are shown a moment after they were printed. */
type Answer = () => Promise<readonly string[]>;

async function askTab({ page }: Tab, command: string): Promise<Answer> {
  const lines = page.locator('#console-output').locator('.console-command, .console-answer, .console-complaint');
  const read = async (): Promise<string[]> => (await lines.allTextContents()).map((line) => line.trimEnd());
  const before = (await read()).length;
  const chooser = command === 'store' ? page.waitForEvent('filechooser') : undefined;
  await page.locator('#console-input').fill(command);
  await page.locator('#console-input').press('Enter');
  await (await chooser)?.setFiles([FILE]);
  await expect.poll(async () => (await read()).length).toBeGreaterThan(before + 1);
  await expect(page.locator('#console').getByRole('button', { name: 'Run' })).toBeEnabled();
  return async () => (await read()).slice(before + 1).filter((line) => line !== 'choose the files to store');
}

async function askDiscovery({ discovery }: Ring, command: string): Promise<Answer> {
  const lines: string[] = [];
  const print = (line: string): number => lines.push(line);
  const prompt = new Prompt(
    discoveryCommands(discovery, async () => undefined),
    { print, complain: print, bug: print },
  );
  await prompt.run(command);
  return async () => lines;
}

test('the lesson of docs/classroom.md goes as it stands there', async ({ browser }) => {
  test.setTimeout(TEST_MS);
  const steps = await lessonSteps();
  expect(steps).toHaveLength(8);
  const ring = await Ring.start(browser, { params: { digits: 4, leafSetSize: 2 } });
  for (const id of IDS) await isActive(await ring.open(`/?id=${id}`));
  await ring.settled();
  for (const tab of ring.tabs) await openPlace(tab, 'console');
  const tabs = new Map(ring.tabs.map((tab, index) => [IDS[index], tab]));
  for (const { where, closed, command, answer } of steps) {
    if (closed !== undefined) await tabs.get(closed)?.page.close();
    const tab = tabs.get(where);
    const ask = (): Promise<Answer> => (tab === undefined ? askDiscovery(ring, command) : askTab(tab, command));
    // Once for what changes the ring; else again, since tables may still be filling, or repairing.
    const once = /^(store|retrieve)/.test(command) ? await ask() : undefined;
    const read = async (): Promise<readonly string[]> => comparable(await (once ?? (await ask()))());
    await expect.poll(read, { message: `${where}> ${command}` }).toEqual(comparable(answer));
  }
  await ring.stop();
});

test('the tables that stand in docs/classroom.md are those that follow from the ids', async () => {
  const steps = await lessonSteps();
  const answerTo = (command: string): string =>
    `${steps.find((step) => step.where === '1804' && step.command === command)?.answer.join('\n')}\n`;
  const devices = new Map(
    [...answerTo('routing-table').matchAll(/-(\w{8}):(\w{4})/g)].map(([, device, id]) => [id, device]),
  );
  const address = (id: string): string => `${devices.get(id) ?? '0a6d3c92'}:${id}`;
  expect(answerTo('leaf-set')).toBe(leafSetText('1804', IDS, address));
  expect(answerTo('routing-table')).toBe(routingTableText('1804', IDS, address));
});
