// What `npm pack` makes runs where nothing of the sources and none of their tools is: a Discovery node with its page, and a
// file stored and fetched by the command line.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Command } from '../node/command.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);

let directory: string;
let bin: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-package-'));
  bin = await unpacked(directory);
});
afterAll(() => rm(directory, { recursive: true }));

test('the package serves a page, and its commands store and fetch', async () => {
  const tabring = (server: string, ...args: readonly string[]): Command =>
    new Command(server, args, { program: [bin], cwd: directory });
  const serve = tabring('', 'serve', '--host', '127.0.0.1', '--port', '0');
  const url = (await serve.matched('Tabring is ready: ', 0)).trim();
  const page = await (await fetch(url)).text();
  const [script = ''] = /assets\/[\w.-]+\.js/.exec(page) ?? [];
  expect((await fetch(new URL(script, url))).status).toBe(200);

  const peer = tabring(url, 'peer', '--json');
  await peer.printed('"active"');
  await writeFile(join(directory, 'a.txt'), 'from a package');
  const stored = await tabring(url, 'store', 'a.txt', '--json').ended;
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  const [{ link }] = JSON.parse(stored.stdout).files;
  expect(await tabring(url, 'retrieve', link, '-o', '-').ended).toMatchObject({ code: 0, stdout: 'from a package' });

  for (const program of [peer, serve]) {
    program.signal('SIGTERM');
    expect((await program.ended).code).toBe(0);
  }
});

/** Packs what a build makes now, unpacks it beside the packages that it names as its own, and returns its command. */
async function unpacked(top: string): Promise<string> {
  const [source, installed] = [join(top, 'source'), join(top, 'node_modules', 'tabring')];
  for (const path of ['package.json', 'README.md', 'client/src/node/bin.mjs', 'client/src/node/built.mjs']) {
    await cp(join(TOP, path), join(source, path));
  }
  // Packages are other ones while they are tested.
  vi.stubEnv('NODE_ENV', 'production');
  for (const [configFile, outDir] of [
    ['vite.config.ts', 'dist'],
    ['client/bundle/command-line.config.ts', 'build'],
  ] as const) {
    const options = { outDir: join(source, outDir), emptyOutDir: true };
    await build({ configFile: join(TOP, configFile), logLevel: 'silent', build: options });
  }
  vi.unstubAllEnvs();
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], { cwd: source });
  const [{ filename }] = JSON.parse(stdout);
  await mkdir(installed, { recursive: true });
  await run('tar', ['xzf', join(source, filename), '-C', installed, '--strip-components', '1']);
  await rm(source, { recursive: true });

  const { bin: command, devDependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const left = new Set([...Object.keys(devDependencies), '@types', '@biomejs']);
  for (const name of await readdir(join(TOP, 'node_modules'))) {
    if (left.has(name) || name.startsWith('.')) continue;
    await symlink(join(TOP, 'node_modules', name), join(dirname(installed), name));
  }
  return join(installed, command.tabring);
}
