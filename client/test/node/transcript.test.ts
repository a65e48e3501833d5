// A whole session in a ring of three, as its users see it: all that the Discovery node, three peers and the commands print,
// real processes all of them, compared with golden/transcript.txt. Ids, keys, routes and digests are exact: the Discovery
// node names whoever came first (first-come-serve.ts), and the files' bytes are given.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Command } from './command.ts';
import { TerminalSession } from './terminal-session.ts';

const FIRST_COME_SERVE = fileURLToPath(new URL('first-come-serve.ts', import.meta.url));
const ID_1 = '1'.padEnd(32, '0');
const ID_5 = '5'.padEnd(32, '0');
const ID_A = 'a'.padEnd(32, '0');
/** Of the name hello.txt, and of the file's id. */
const NAME_KEYS = ['0ea4099c8148fb30949dd1ba533d52b7', '42e8557e1e9f5025197350a835bac783'];
const HELLO_KEY = '72f271fb5855f64eb7b4ddce99dcce25';
/** Printed when something happens: of what happens at once in several processes, the order is chance. */
const HAPPENING = /^(lookup|join|search|stored here|sent|leaf set: [+-]|routing table: row|node \w+ (left|failed))/;
/** Thirteen processes, each some seconds on a crowded machine. */
const TEST_MS = 300_000;

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-transcript-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('a session with serve, three peers and all commands reads as it should', { timeout: TEST_MS }, async () => {
  await writeFile(join(directory, 'hello.txt'), 'hello, ring\n');
  await writeFile(join(directory, 'photo.jpg'), 'no picture');
  const program = ['--import', 'tsx', FIRST_COME_SERVE];
  const serveArgs = ['--host', '127.0.0.1', '--port', '0', '--ring-key', join(directory, 'ring-key.json')];
  const serve = new TerminalSession('tabring serve --host 127.0.0.1', new Command('', serveArgs, { program }));
  const url = (await serve.shows('Tabring is ready: ')).trim();
  const open = (args: readonly string[]): TerminalSession =>
    new TerminalSession(`tabring ${args.join(' ')}`, new Command(url, args, { cwd: directory }));
  const commands: string[] = [];
  const run = async (...args: readonly string[]): Promise<void> => {
    commands.push(await open(args).ended());
  };

  // Each is known to the others before the next comes.
  const one = open(['peer', '--id', '1000']);
  await one.shows('rows 1 to 31 are empty');
  const five = open(['peer', '--id', '5000']);
  await five.shows('rows 1 to 31 are empty');
  await one.shows(`routing table: row 0, column 5: ${ID_5}`);
  const ten = open(['peer', '--id', 'a000']);
  await ten.shows('rows 1 to 31 are empty');
  for (const peer of [one, five]) await peer.shows(`routing table: row 0, column a: ${ID_A}`);

  await run('store', '--public', 'hello.txt');
  // The file and the record of its name, everywhere.
  for (const peer of [one, five, ten]) await peer.showsTimes(/^stored here/gm, 2);
  await run('lookup', 'hello.txt');
  await run('lookup', '8');
  await run('retrieve', 'hello.txt', '-o', 'copy.txt');
  expect(await readFile(join(directory, 'copy.txt'), 'utf8')).toBe('hello, ring\n');
  await run('nodes');

  await five.ask('id', ID_5);
  await five.ask('print-dht', 'rows 1 to 31 are empty');
  await five.ask('lookup 8d31', 'root ');
  await five.ask('store photo.jpg public', 'stored: 3 copies');
  // Four: also the record of its name.
  for (const peer of [one, ten]) await peer.showsTimes(/^stored here/gm, 4);
  await five.ask('list-files', `  key ${HELLO_KEY}`);
  await one.ask('retrieve hello.txt again.txt', 'written to ');
  await serve.ask('list-nodes', ID_A);

  // One is sent away, one goes by itself, one is stopped.
  await serve.ask('remove-node a', 'node ');
  const sentAway = await ten.ended();
  for (const peer of [one, five]) await peer.shows('routing table: row 0, column a: empty');
  await one.ask('remove-node', 'node ');
  const gone = await one.ended();
  await five.shows('routing table: row 0, column 1: empty');
  five.type('exit');
  const last = await five.ended();
  await serve.showsTimes(/^removed 50000000/gm, 1);
  serve.type('exit');
  const terminals = [await serve.ended(), gone, last, sentAway, ...commands].map(comparable);
  const isSending = (line: string): boolean => line.startsWith('sent: ');
  const shown = terminals.map((text) =>
    text
      .split('\n')
      .filter((line) => !isSending(line))
      .join('\n'),
  );
  // Who wants a block asks any of those that hold it: which one sends it is chance, what is sent to whom is not.
  const sent = terminals.flatMap((text) => text.split('\n').filter(isSending)).sort();
  const transcript = [...shown, 'printed by one peer or another', ...sent].join('\n');
  await expect(`${transcript}\n`).toMatchFileSnapshot('golden/transcript.txt');
});

/** What a terminal showed, without what is different at every run. */
function comparable(terminal: string): string {
  const text = terminal
    .replace(/(127\.0\.0\.1):\d+/g, '$1:<port>')
    .replaceAll(directory, '<directory>')
    // The page may be built or not.
    .replace(/^The page is not built yet.*\n/m, '')
    .replace('\nCtrl+C stops it', '\nOpen it in several tabs. Ctrl+C stops it')
    .replace(/[0-9a-f]{8} {2}since .*/g, '<device>  since <age>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, '<date>')
    // The record of a name holds that date.
    .replace(new RegExp(`[0-9a-f]{64}(, |  )key (${NAME_KEYS.join('|')})`, 'g'), '<record>$1key $2')
    .replace(/block [0-9a-f]{64}, 172 bytes/g, 'block <record>, 172 bytes')
    // A command registers under a random id.
    .replace(/(from |to |(?:registered|removed) )([0-9a-f]{8,32})/g, (all, word: string, id: string) =>
      [ID_1, ID_5, ID_A].some((known) => known.startsWith(id)) ? all : `${word}<command>`,
    );
  const lines: string[] = [];
  let happened: string[] = [];
  for (const line of text.split('\n')) {
    // A node looks itself up now and then, to see whether its ring has split.
    if (/^lookup: key (\w+), from \1,/.test(line)) continue;
    // Told of copies that a node which leaves did not know of yet, and that is chance.
    if (line.startsWith('handed over: ')) continue;
    if (HAPPENING.test(line)) {
      happened.push(line);
      continue;
    }
    lines.push(...happened.sort(), line);
    happened = [];
  }
  return lines.join('\n');
}
