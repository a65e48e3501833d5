// Files and folders by the command line, as a user types it: what it prints, and what comes back.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Ended } from './command.ts';
import { Command } from './command.ts';
import { commandRing, ID_A, linkIn, RING_IDS } from './command-ring.ts';
import { NodePeers } from './node-peers.ts';

const commands = commandRing();
const tabring = commands.tabring.bind(commands);

describe('store, lookup and retrieve', () => {
  test('print the random node, the id, the route and what came of it', async () => {
    const bytes = randomBytes(5_000_000);
    await writeFile(commands.peers.path('naïve 日本 😀.txt'), bytes);
    const stored = await tabring('store', 'naïve 日本 😀.txt');
    expect(stored).toMatchObject({ code: 0, stderr: '' });
    const fileId = /^id ([0-9a-f]{64})$/m.exec(stored.stdout)?.[1] ?? '';
    const link = linkIn(stored.stdout);
    const lines = stored.stdout.split('\n');
    const [randomNode] = /(?<=^random node )[0-9a-f]{32}$/m.exec(stored.stdout) ?? [];
    expect(RING_IDS).toContain(randomNode);
    expect(lines.slice(1, 4)).toEqual(['file naïve 日本 😀.txt, 5.0 MB', `id ${fileId}`, `link ${link}`]);
    expect(link).toMatch(new RegExp(`^${commands.peers.discovery.url}/#/f/${fileId}\\.[\\w-]{43}$`));
    expect(lines.slice(4, 6)).toEqual(['route', `  0 ${randomNode}`]);
    expect(lines.slice(-2)).toEqual(['stored: 3 copies', '']);

    const counted = await tabring('status', link);
    expect(counted).toMatchObject({ code: 0, stderr: '' });
    expect(counted.stdout).toMatch(/^3 of 3 copies: safe\n3 blocks\n$/m);
    expect(JSON.parse((await tabring('status', link, '--json')).stdout)).toMatchObject({
      ...{ fileId, copies: 3, devices: 3, wanted: 3, state: 'safe' },
      segments: [{ digest: fileId, copies: 3, devices: 3 }, { copies: 3 }, { copies: 3 }],
    });
    expect((await tabring('status', '0'.repeat(64))).stderr).toMatch(/^tabring: no node of this ring has it/);

    await mkdir(commands.peers.path('here'));
    const fetched = await new Command(commands.peers.discovery.url, ['retrieve', link], {
      cwd: commands.peers.path('here'),
    }).ended;
    expect(fetched).toMatchObject({ code: 0, stderr: '' });
    expect(fetched.stdout).toMatch(
      /^random node .{32}\nid .{64}\nroute\n( {2}\d .{32}\n)+file naïve 日本 😀\.txt, 5\.0 MB\nwritten to naïve 日本 😀\.txt\n$/,
    );
    expect(await readdir(commands.peers.path('here'))).toEqual(['naïve 日本 😀.txt']);
    expect(bytes.equals(await readFile(commands.peers.path('here', 'naïve 日本 😀.txt')))).toBe(true);

    // The name was chosen by somebody else: what has it already stays.
    await writeFile(commands.peers.path('here', 'naïve 日本 😀.txt'), 'mine');
    const refused = await tabring('retrieve', link, '-o', 'here');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^tabring: here\/naïve 日本 😀\.txt exists already: .*\n$/);
    expect(await readFile(commands.peers.path('here', 'naïve 日本 😀.txt'), 'utf8')).toBe('mine');
    expect((await tabring('retrieve', link, '-o', 'here', '--force')).code).toBe(0);
    expect(bytes.equals(await readFile(commands.peers.path('here', 'naïve 日本 😀.txt')))).toBe(true);
  });

  test('remove deletes what a command stored, and pin keeps it on; others’ files neither', async () => {
    await writeFile(commands.peers.path('leased'), randomBytes(300_000));
    const { link, fileId } = JSON.parse((await tabring('store', 'leased', '--public', '--json')).stdout).files[0];
    const pinned = await tabring('pin', fileId);
    expect(pinned).toMatchObject({ code: 0, stderr: '' });
    expect(pinned.stdout).toMatch(/^leased: kept until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/);
    const other = new Command(commands.peers.discovery.url, ['remove', link], {
      input: '',
      home: commands.peers.path('another user'),
    });
    expect(await other.ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tabring: this user's commands/),
    });
    const removed = await tabring('remove', 'leased');
    expect(removed).toMatchObject({ code: 0, stdout: 'leased: deleted at 3 of 3 holders\n', stderr: '' });
    expect((await tabring('retrieve', fileId)).stderr).toMatch(/^tabring: no node of this ring has it/);
    for (const { peer } of commands.peers.nodes)
      expect(peer.listFiles().held.some(({ digest }) => digest === fileId)).toBe(false);
    expect(await tabring('remove', 'leased')).toMatchObject({ code: 1 });
  });

  test('store keeps a file for the time that is given, and pin without names leaves it at that', async () => {
    await writeFile(commands.peers.path('brief'), 'x');
    const home = commands.peers.path('a brief user');
    const asUser = (...args: readonly string[]) => new Command(commands.peers.discovery.url, args, { home }).ended;
    for (const time of ['soon', '-1h', '9d']) {
      const refused = await asUser('store', commands.peers.path('brief'), '--keep', time);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toMatch(time === '9d' ? /a minute to 7 days from now/ : /Give a time such as 90m/);
    }
    expect((await asUser('store', commands.peers.path('brief'), '--keep', '12h')).code).toBe(0);
    expect(await asUser('pin')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nothing that is to be kept on/),
    });
    const pinned = await asUser('pin', 'brief');
    expect(pinned).toMatchObject({ code: 0, stderr: '' });
  });

  test.skipIf(process.platform !== 'linux')('tell of a folder in which nothing can be made', async () => {
    await writeFile(commands.peers.path('small'), 'x');
    const { link } = JSON.parse((await tabring('store', 'small', '--json')).stdout).files[0];
    const { code, stdout, stderr } = await tabring('retrieve', link, '-o', '/proc/copy');
    expect(stderr).toBe('tabring: cannot write /proc/copy: no file can be made there: choose another folder\n');
    expect([code, stdout]).toEqual([1, expect.not.stringContaining('written')]);
  });

  test('store many small files at once, and say of each in its place where it is, or what was wrong', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `small-${index}.txt`);
    for (const name of names) await writeFile(commands.peers.path(name), `text of ${name}`);
    // Neither a file nor a folder: refused when its turn comes.
    const device = '/dev/null';
    const stored = await tabring('store', '--json', ...names.slice(0, 20), device, ...names.slice(20));
    expect(stored.code).toBe(1);
    const { files } = JSON.parse(stored.stdout) as { files: { path: string; link?: string; error?: object }[] };
    expect(files.map(({ path }) => path)).toEqual([...names.slice(0, 20), device, ...names.slice(20)]);
    expect(files.filter(({ error }) => error !== undefined).map(({ path }) => path)).toEqual([device]);
    for (const index of [0, 39]) {
      const link = files.find(({ path }) => path === names[index])?.link ?? '';
      expect((await tabring('retrieve', link, '-o', '-')).stdout).toBe(`text of ${names[index]}`);
    }
  });

  test('find the root of a key', async () => {
    const found = await tabring('lookup', '8');
    expect(found).toMatchObject({ code: 0, stderr: '' });
    const [, node] = /^random node (.{32})\n/.exec(found.stdout) ?? [];
    const hops = node === ID_A ? `  0 ${ID_A}\n` : `  0 ${node}\n  1 ${ID_A}\n`;
    expect(found.stdout).toBe(`random node ${node}\nkey 8${'0'.repeat(31)}\nroute\n${hops}root ${ID_A}\n`);
    const json = JSON.parse((await tabring('lookup', '8', '--json')).stdout);
    expect(json).toMatchObject({ key: '8'.padEnd(32, '0'), root: ID_A, hops: json.route.length - 1 });
    expect(json.route.at(-1)).toBe(ID_A);
  });

  test('of a stranger’s name and type nothing reaches the terminal or the folder that could do harm', async () => {
    const given = 'a\u001b[31m\nwritten to b\u202e.txt';
    const input = 'hostile';
    const store = (name: string): Promise<Ended> =>
      new Command(commands.peers.discovery.url, ['store', '-', '--name', name], {
        cwd: commands.peers.directory,
        input,
      }).ended;
    const stored = await store(given);
    expect(stored.stdout).toContain('\nfile a\\u001b[31m\\u000awritten to b\\u202e.txt, 7 bytes\n');
    const cwd = commands.peers.path('strangers');
    await mkdir(cwd);
    for (const [name, saved] of [
      [given, 'a[31mwritten to b.txt'],
      ['-', 'unnamed file'],
      ['-rf', '_rf'],
      ['.bashrc', '_bashrc'],
    ] as const) {
      const link = linkIn((await store(name)).stdout);
      const fetched = await new Command(commands.peers.discovery.url, ['retrieve', link], { cwd }).ended;
      expect(fetched).toMatchObject({ code: 0, stderr: '' });
      expect(fetched.stdout.split('\n').slice(-3)).toEqual([`file ${saved}, 7 bytes`, `written to ${saved}`, '']);
      expect(await readFile(join(cwd, saved), 'utf8')).toBe(input);
    }
    expect((await readdir(cwd)).toSorted()).toEqual(['_bashrc', '_rf', 'a[31mwritten to b.txt', 'unnamed file']);
  });

  test('take folders and pipes, and give JSON', async () => {
    await mkdir(commands.peers.path('folder', 'deep', 'none'), { recursive: true });
    await writeFile(commands.peers.path('folder', 'b'), 'b', { mode: 0o755 });
    await writeFile(commands.peers.path('folder', 'deep', '.a.txt'), '');
    const command = new Command(
      commands.peers.discovery.url,
      ['store', 'folder', '-', '--name', 'words.md', '--json'],
      {
        cwd: commands.peers.directory,
        input: 'from a pipe',
      },
    );
    const { code, stdout } = await command.ended;
    expect(code).toBe(0);
    const { files } = JSON.parse(stdout);
    expect(files).toMatchObject([
      { path: 'folder', name: 'folder', files: 2, bytes: 1, copies: 3 },
      { path: '-', name: 'words.md', size: 11, copies: 3 },
    ]);
    const listed = JSON.parse((await tabring('list', files[0].link, '--json')).stdout);
    expect(listed.entries).toMatchObject([
      { kind: 'file', path: 'b', size: 1, isExecutable: true },
      { kind: 'file', path: 'deep/.a.txt', size: 0, isExecutable: false },
      { kind: 'folder', path: 'deep/none' },
    ]);
    const piped = await tabring('retrieve', files[1].link, '-o', '-');
    expect([piped.code, piped.stdout]).toEqual([0, 'from a pipe']);
    const asJson = await tabring('retrieve', files[1].link, '-o', 'words', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      name: 'words.md',
      type: 'text/markdown',
      size: 11,
      path: 'words',
    });
  });
});

describe('a folder', () => {
  test('is one link, out of which all comes back, or one file, or a folder in it', async () => {
    await mkdir(commands.peers.path('tree', 'deep', 'er'), { recursive: true });
    await mkdir(commands.peers.path('tree', 'none'));
    await writeFile(commands.peers.path('tree', 'a.txt'), 'a text');
    await writeFile(commands.peers.path('tree', '.hidden'), 'hidden');
    await writeFile(commands.peers.path('tree', 'deep', 'large'), randomBytes(6_000_000));
    await writeFile(commands.peers.path('tree', 'deep', 'er', 'run'), 'run', { mode: 0o755 });
    const stored = await tabring('store', 'tree');
    expect(stored).toMatchObject({ code: 0, stderr: '' });
    expect(stored.stdout).toMatch(/^folder tree, 4 files, 6\.0 MB$/m);
    const link = linkIn(stored.stdout);

    const all = await tabring('retrieve', link, '-o', 'again');
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatch(/\nfolder tree, 4 files, 6\.0 MB\nwritten to again\n$/);
    expect(await treeOf(commands.peers.path('again'))).toEqual(await treeOf(commands.peers.path('tree')));
    // Into a folder that is there, under its own name; and what is there stays.
    expect((await tabring('retrieve', link, '-o', 'again')).stdout).toMatch(/\nwritten to again\/tree\n$/);
    const refused = await tabring('retrieve', link, '-o', 'again');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^tabring: again\/tree exists already: /),
    ]);
    await writeFile(commands.peers.path('again', 'tree', 'a.txt'), 'mine');
    await writeFile(commands.peers.path('again', 'tree', 'other'), 'stays');
    expect((await tabring('retrieve', link, '-o', 'again', '--force')).code).toBe(0);
    expect(await treeOf(commands.peers.path('again', 'tree'))).toEqual({
      ...(await treeOf(commands.peers.path('tree'))),
      other: expect.anything(),
    });
    expect((await readdir(commands.peers.path('again', 'tree'))).toSorted()).toEqual([
      ...['.hidden', 'a.txt', 'deep', 'none', 'other'],
    ]);

    const listed = await tabring('list', link);
    expect(listed.stdout.split('\n').map((line) => line.slice(30))).toEqual([
      ...['', '.hidden', 'a.txt', 'deep/er/run', 'deep/large', 'none/', ''],
    ]);
    const one = await tabring('retrieve', link, 'a.txt', '-o', '-');
    expect([one.code, one.stdout]).toEqual([0, 'a text']);
    expect((await tabring('retrieve', link, 'deep/large', '-o', 'one')).code).toBe(0);
    expect(
      (await readFile(commands.peers.path('one'))).equals(await readFile(commands.peers.path('tree', 'deep', 'large'))),
    ).toBe(true);
    expect((await tabring('retrieve', link, 'deep', '-o', 'part')).code).toBe(0);
    expect(await treeOf(commands.peers.path('part'))).toEqual(await treeOf(commands.peers.path('tree', 'deep')));
    expect(await tabring('retrieve', link, 'nothing')).toMatchObject({
      ...{ code: 1, stderr: expect.stringMatching(/^tabring: there is nothing called "nothing" in it/) },
    });
    expect(await tabring('retrieve', link, '-o', '-')).toMatchObject({
      ...{ code: 1, stdout: '', stderr: expect.stringMatching(/tabring: it is a folder: /) },
    });
    expect((await readdir(commands.peers.directory)).filter((name) => name.startsWith('.tabring'))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('is stored but for what cannot be, which is told', async () => {
    await mkdir(commands.peers.path('odd'));
    await writeFile(commands.peers.path('odd', 'good'), 'good');
    await symlink('nowhere', commands.peers.path('odd', 'dangling'));
    await promisify(execFile)('mkfifo', [commands.peers.path('odd', 'pipe')]);
    const stored = await tabring('store', 'odd');
    expect(stored).toMatchObject({
      code: 1,
      stderr: 'tabring: odd/dangling: left out: the link leads nowhere\ntabring: odd/pipe: left out: it is a pipe\n',
    });
    expect((await tabring('retrieve', linkIn(stored.stdout), 'good', '-o', '-')).stdout).toBe('good');
  });
});

/** What is in a folder, by path: what it holds, or what may be done with it. */
async function treeOf(top: string): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(top, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mode, mtimeMs } = await stat(path);
    const content = entry.isDirectory()
      ? 'folder'
      : // Milliseconds that are whole, be they kept in seconds with a fraction.
        `${Math.floor(mtimeMs + 0.01)} ${(await readFile(path)).toString('base64')}`;
    tree[relative(top, path)] = `${mode & 0o111} ${content}`;
  }
  return tree;
}

describe('public files', () => {
  test('are found by name; of two of one name the newest is listed first, and neither replaces the other', async () => {
    const ids: string[] = [];
    for (const text of ['first', 'second one']) {
      await writeFile(commands.peers.path('report.pdf'), text);
      const stored = await tabring('store', '--public', 'report.pdf', '--json');
      const [file] = JSON.parse(stored.stdout).files;
      expect(file).toMatchObject({ name: 'report.pdf', isPublic: true, copies: 3 });
      ids.unshift(file.fileId);
    }
    const found = await tabring('lookup', 'some/folder/report.pdf');
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toMatch(
      /^random node .{32}\nname report\.pdf\nkey .{32}\nroute\n( {2}\d .{32}\n)+root .{32}\n2 public files have this name:\n/,
    );
    const list = (stdout: string) => stdout.split('\n').filter((line) => line.includes(' UTC '));
    expect(list(found.stdout).map((line) => line.slice(-64))).toEqual(ids);
    expect(list(found.stdout)[0]).toMatch(/^ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {4}10 bytes {2}.{64}$/);

    const undecided = await tabring('retrieve', 'report.pdf', '-o', 'undecided');
    expect(undecided.code).toBe(1);
    expect(undecided.stderr).toBe(
      'tabring: 2 files are called "report.pdf": give the id of one, or take the newest with --newest\n',
    );
    expect(list(undecided.stdout)).toEqual(list(found.stdout));
    expect(await readdir(commands.peers.directory)).not.toContain('undecided');
    const newest = await tabring('retrieve', 'report.pdf', '--newest', '-o', '-');
    expect([newest.code, newest.stdout]).toEqual([0, 'second one']);
    const older = await tabring('retrieve', ids[1] ?? '', '-o', '-');
    expect([older.code, older.stdout]).toEqual([0, 'first']);
    const json = JSON.parse((await tabring('lookup', 'report.pdf', '--json')).stdout);
    expect(json.files.map(({ fileId }: { readonly fileId: string }) => fileId)).toEqual(ids);
  });

  test('are a choice: others are found by link and id alone', async () => {
    await writeFile(commands.peers.path('diary.txt'), 'dear diary');
    expect((await tabring('store', 'diary.txt')).stdout).not.toContain('of its name');
    const found = await tabring('lookup', 'diary.txt');
    expect([found.code, found.stdout.split('\n').at(-2)]).toEqual([0, 'no public file has this name']);
  });

  test('of a classroom ring have the course’s keys', async () => {
    const classroom = await NodePeers.start({ params: { digits: 4, leafSetSize: 2 } });
    try {
      for (const wantedId of ['1804', '46ff', '9000']) await classroom.open({ wantedId });
      await classroom.settled();
      const run = (...args: readonly string[]) =>
        new Command(classroom.discovery.url, args, { cwd: classroom.directory, input: '' }).ended;
      await writeFile(classroom.path('test.png'), 'no picture');
      const stored = await run('store', 'test.png');
      expect(stored.stdout).toContain('\nkey 46cd of its name\nroute\n');
      const found = await run('lookup', 'test.png');
      expect(found.stdout).toMatch(
        /\nname test\.png\nkey 46cd\nroute\n( {2}\d .{4}\n)+root 46ff\n1 public file has this/,
      );
      const fetched = await run('retrieve', 'test.png', '-o', 'copy.png');
      expect(fetched.stdout).toMatch(/\nname test\.png\nkey 46cd\nroute\n( {2}\d .{4}\n)+id .{64}\nfile test\.png/);
      expect(await readFile(classroom.path('copy.png'), 'utf8')).toBe('no picture');
      await writeFile(classroom.path('hidden.png'), 'x');
      expect((await run('store', '--no-public', 'hidden.png')).stdout).not.toContain('of its name');
    } finally {
      await classroom.stop();
    }
  });
});
