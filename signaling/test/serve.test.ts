// `tabring serve` as a process: where its key is, and what it says if it has none.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../client/src/node/bin.mjs', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-serve-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Running {
  /** Resolves with all output once it contains `text`. */
  shows(text: string): Promise<string>;
  /** Resolves with the exit code and all output. */
  ended: Promise<{ readonly code: number | null; readonly output: string }>;
  stop(): void;
}

function serve(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...args], { cwd: folder });
  children.push(child);
  let output = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk);
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
  const shows = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) resolve(output);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without "${text}": ${output}`)));
    });
  return { shows, ended, stop: () => child.kill('SIGTERM') };
}

test('its key is made in the working directory, told once, and the same after a restart', async () => {
  const first = serve('--host', '127.0.0.1');
  const greeting = await first.shows('--trust-proxy');
  expect(greeting).toContain('made a key for this ring: .tabring/ring-key.json. Keep a copy of it');
  expect(greeting).toContain('It listens on this machine alone: if a proxy stands in front, say --trust-proxy');
  first.stop();
  expect((await first.ended).code).toBe(0);
  const key = await readFile(join(folder, '.tabring', 'ring-key.json'), 'utf8');
  const second = serve('--host', '127.0.0.1', '--chosen-ids', 'all');
  expect(await second.shows('Tabring is ready')).not.toMatch(/made a key|--trust-proxy/);
  second.stop();
  await second.ended;
  expect(await readFile(join(folder, '.tabring', 'ring-key.json'), 'utf8')).toBe(key);
});

test('a damaged key stops it with one line that says what to do', async () => {
  const path = join(folder, 'k.json');
  await writeFile(path, '{"version":1}');
  const { code, output } = await serve('--ring-key', path).ended;
  expect(code).toBe(1);
  expect(output).toMatch(/^tabring: the ring's key in \S+k\.json is damaged: put a copy of it there\. [^\n]+\n$/);
  expect(await readFile(path, 'utf8')).toBe('{"version":1}');
  expect(await readdir(folder)).toEqual(['k.json']);
});
