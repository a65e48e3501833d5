// A closed ring from the command line: made, entered with its password or an invitation, and remembered.

import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Command, type Ended } from './command.ts';

const PASSWORD = 'open, Sesame';
const NOWHERE = 'http://127.0.0.1:1';

let directory: string;
let server: Command;
let url: string;
let invitation: string;
const running: Command[] = [];

const path = (...names: string[]): string => join(directory, ...names);

/** One command with the rings' Discovery node in its directory. */
async function serve(args: readonly string[], input?: string): Promise<Ended> {
  return new Command(NOWHERE, ['serve', 'ring', ...args], { cwd: directory, ...(input === undefined ? {} : { input }) })
    .ended;
}

function command(args: readonly string[], home: string): Promise<Ended> {
  return new Command(url, args, { cwd: directory, home: path(home), input: '' }).ended;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-closed-'));
  expect(await serve(['add', 'class-3b', '--replicas', '2'])).toMatchObject({ code: 0 });
  expect(await serve(['password', 'class-3b'], `${PASSWORD}\n`)).toMatchObject({ code: 0 });
  const invited = await serve(['invite', 'class-3b', '--url', 'http://ring.example/tabring/']);
  const [link = ''] = invited.stdout.split('\n');
  expect(link).toMatch(/^http:\/\/ring\.example\/tabring\/r\/class-3b\/#\/join\/[\w-]{22}$/);
  server = new Command(NOWHERE, ['serve', '--port', '0', '--host', '127.0.0.1'], { cwd: directory });
  url = (await server.matched('Tabring is ready: ', 0)).trim();
  invitation = link.replace('http://ring.example/tabring', url);
  await writeFile(path('password'), `${PASSWORD}\n`);
  await writeFile(path('wrong'), 'open, barley\n');
  const args = ['peer', '--ring', 'class-3b', '--password-file', path('password')];
  for (const name of ['one', 'two']) {
    const peer = new Command(url, [...args, '--dir', path(name), '--json'], { cwd: directory });
    running.push(peer);
    await peer.shown('"active"');
  }
});

afterAll(async () => {
  for (const each of [...running, server]) {
    each.signal('SIGTERM');
    await each.ended;
  }
  await rm(directory, { recursive: true });
});

/** All that lies in a directory, as one text. */
async function contents(of: string): Promise<string> {
  const names = await readdir(of, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))).join('\n');
}

test('without its password, or with a wrong one, nobody gets in, and is told what to do', async () => {
  const without = await command(['nodes', '--ring', 'class-3b'], 'stranger');
  expect(without).toMatchObject({ code: 1, stdout: '' });
  expect(without.stderr).toContain('This ring is closed: its password or an invitation opens it. Ask who runs it.');
  const wrong = await command(['nodes', '--ring', 'class-3b', '--password-file', path('wrong')], 'stranger');
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('not this ring’s password');
  // The first ring is another one, and open; nobody is in it.
  const first = await command(['nodes'], 'stranger');
  expect(first.stderr).toContain('the ring is empty');
  expect((await command(['nodes', '--ring', 'main'], 'stranger')).stderr).toBe(first.stderr);
  expect((await command(['nodes', '--ring', 'class-3c'], 'stranger')).stderr).toMatch(
    /^tabring: cannot reach the ring at .*\/r\/class-3c \(there is no ring of this name\): .*--ring$/m,
  );
});

test('who got in once gets in again without it; it is written nowhere', async () => {
  await writeFile(path('plan.txt'), 'the plan');
  const stored = await command(
    ['store', '-q', '--ring', 'class-3b', '--password-file', path('password'), path('plan.txt')],
    'member',
  );
  expect(stored).toMatchObject({ code: 0 });
  const link = stored.stdout.trim();
  expect(link).toMatch(new RegExp(`^${url}/r/class-3b/#/f/`));
  // The link names the ring.
  expect(await command(['retrieve', link, '-o', '-'], 'member')).toMatchObject({ code: 0, stdout: 'the plan' });
  expect((await command(['retrieve', link, '-o', '-'], 'stranger')).code).toBe(1);
  for (const kept of ['member', 'one', 'two', '.tabring']) expect(await contents(path(kept))).not.toContain(PASSWORD);
  expect(`${server.stdout}`).not.toContain(PASSWORD);
});

test('an invitation opens it, until it is taken back', async () => {
  const invited = await command(['nodes', '--server', invitation], 'guest');
  expect(invited).toMatchObject({ code: 0 });
  const [, id = ''] = /invitation ([0-9a-f]{8})/.exec((await serve(['list'])).stdout) ?? [];
  expect(await serve(['revoke', 'class-3b', id])).toMatchObject({ code: 0 });
  expect((await serve(['list'])).stdout).toBe(
    'main  /  open\nclass-3b  /r/class-3b/  replicas 2  closed\n  password\n',
  );
});

test('names and commands that make no sense are refused in a sentence', async () => {
  expect((await serve(['add', 'Class 3b'])).stderr).toContain('is no name for a ring');
  expect((await serve(['add', 'class-3b'])).stderr).toContain('there is a ring class-3b already');
  expect((await serve(['password', 'class-3b'], 'short\n')).stderr).toContain('a password needs 8 characters');
  expect((await serve(['password', 'class-3b'], '')).stderr).toContain('no password was given');
  expect((await serve(['invite', 'nobodys'])).stderr).toContain('there is no ring nobodys');
  expect((await serve(['frobnicate'])).code).toBe(2);
});

test('the rings of a Discovery node that keeps its key elsewhere are beside that key', async () => {
  const key = path('elsewhere', 'ring-key.json');
  expect(await serve(['add', 'class-3b', '--ring-key', key])).toMatchObject({ code: 0 });
  const listed = 'main  /  open\nclass-3b  /r/class-3b/  open\n';
  expect((await serve(['--ring-key', key, 'list'])).stdout).toBe(listed);
  expect(await readdir(path('elsewhere'))).toEqual(['rings.json']);
});

test.skipIf(process.getuid?.() !== 0)('what root writes in a service’s folder belongs to the service', async () => {
  const folder = path('service');
  await mkdir(folder);
  await chown(folder, 65_534, 65_533);
  expect(await serve(['add', 'class-3b', '--ring-key', join(folder, 'ring-key.json')])).toMatchObject({ code: 0 });
  const { uid, gid, mode } = await stat(join(folder, 'rings.json'));
  expect([uid, gid, mode & 0o777]).toEqual([65_534, 65_533, 0o600]);
});
