// What the command line says and leaves behind when something is wrong, or when it is stopped.

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startDiscoveryNode } from '../../../signaling/server.ts';
import { Command } from './command.ts';
import { commandRing, RING_IDS } from './command-ring.ts';
import { NodePeers, until } from './node-peers.ts';

const commands = commandRing();
const tabring = commands.tabring.bind(commands);

describe('wrong use', () => {
  test.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['stor'], "unknown command 'stor' (did you mean store?)"],
    [['store'], "missing required argument 'path'"],
    [['nodes', '--limit', '0'], 'Give a whole number above zero'],
    [['retrieve'], "missing required argument 'link, id or name'"],
    [['lookup', '8', '--server', 'nonsense'], 'Give a URL such as http://localhost:8080'],
    [['peer', '--quota', 'much'], 'Give an amount such as 500MB, 2GB or 1GiB'],
    [['peer', '--frobnicate'], "unknown option '--frobnicate'"],
    [['peer', '--dir', ''], "option '--dir <path>' argument '' is invalid. It is empty"],
    [['retrieve', 'x', '-o', ''], 'It is empty'],
    [['serve', '--port', 'x'], '--port must be a whole number, not "x"'],
  ])('ends with 2 and says what is wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await tabring(...args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^tabring: [^\n]+: see "tabring .*--help"\n$/);
    expect([code, stdout]).toEqual([2, '']);
  });

  test.each([
    [['store', '-q', '--json', '-'], 'give either --json or --quiet'],
    [['store', '--name', 'x', 'missing.txt'], '--name is for standard input'],
    [['store', ''], 'a path is empty'],
    [['retrieve', '--json', '-o', '-', 'x'], 'give either --json or -o -'],
    [['retrieve', ''], 'nothing is named: give a link, an id, or the name of a public file'],
  ])('ends with 2 where options and words disagree: %j', async (args, message) => {
    const { code, stdout, stderr } = await tabring(...args);
    expect(stderr).toMatch(/^tabring: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a very long word is not echoed whole', async () => {
    const { code, stderr } = await tabring('f'.repeat(100_000));
    expect([code, stderr]).toEqual([2, `tabring: unknown command '${'f'.repeat(79)}…': see "tabring --help"\n`]);
  });

  test('an empty variable is as one that is not set', async () => {
    const { code, stderr } = await new Command('', ['retrieve', '']).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing is named')]);
  });

  test('help ends with 0', async () => {
    const { code, stdout } = await tabring('--help');
    expect(code).toBe(0);
    for (const word of ['serve', 'peer', 'store', 'retrieve', 'lookup', 'nodes', 'Examples:']) {
      expect(stdout).toContain(word);
    }
  });
});

describe('what cannot be done', () => {
  const nobodysId = '0'.repeat(64);

  test.each([
    [['store', 'missing.txt'], /^tabring: missing\.txt: there is no such file\n$/],
    [['retrieve', 'nonsense'], /^tabring: no public file is called "nonsense": .*\n$/],
    [['retrieve', 'https://x.example/#/f/123'], /^tabring: ".*" is neither a file's link nor its id: .*\n$/],
    [['retrieve', 'folder/'], /^tabring: "folder\/" names no file: .*\n$/],
    [['store', '--public', 'x'.repeat(300)], /^tabring: x{80}…: the name is too long.*\n$/],
    [['retrieve', nobodysId.slice(1)], /^tabring: "0+" is neither .* \(these are 63\)\n$/],
    [['retrieve', 'http://localhost:8080'], /^tabring: ".*" is neither a file's link nor its id: .*\n$/],
    [['retrieve', nobodysId], /^tabring: no node of this ring has it: .*\n$/],
    [['retrieve', nobodysId, '-o', 'no/such/folder/file'], /^tabring: cannot write .*: there is no folder .*\n$/],
    [
      ['retrieve', nobodysId, '-o', '/dev/null/file'],
      /^tabring: cannot write .*: there is no folder \/dev\/null: .*\n$/,
    ],
    [['lookup', '8', '--server', 'http://127.0.0.1:1'], /^tabring: cannot reach .*nothing listens .*\n$/],
    [['peer', '--server', 'http://127.0.0.1:1'], /^tabring: cannot reach the Discovery node at .*\n$/],
    [['peer', '--dir', '/dev/null/x'], /^tabring: nothing can be kept in \/dev\/null\/x: .*\n$/],
    [['peer', '--id', '8'.repeat(40)], /^tabring: .*at most 32 hex digits.*\n$/],
  ])('ends with 1 and one line that says why: %j', async (args, message) => {
    const { code, stderr } = await tabring(...args);
    expect(stderr).toMatch(message);
    expect([code, stderr.split('\n').length]).toEqual([1, 2]);
  });

  test('an empty ring is told, and how to fill it', async () => {
    const empty = await startDiscoveryNode({ host: '127.0.0.1' });
    const { code, stderr } = await tabring('lookup', '8', '--server', empty.url);
    await empty.close();
    expect([code, stderr]).toEqual([
      1,
      `tabring: the ring is empty: open ${empty.url} in a browser, or start a node with "tabring peer"\n`,
    ]);
  });

  test.each(['/tabring', '/tabring/', '/tabring/index.html'])('a Discovery node is found below %s', async (path) => {
    // Without taking the path off itself it would answer there with 404.
    const empty = await startDiscoveryNode({ host: '127.0.0.1', basePath: '/tabring' });
    const { code, stderr } = await tabring('lookup', '8', '--server', `${empty.url}${path}`);
    await empty.close();
    expect([code, stderr]).toEqual([
      1,
      `tabring: the ring is empty: open ${empty.url}/tabring in a browser, or start a node with "tabring peer"\n`,
    ]);
  });

  test('a port that is taken is told, and which to take instead', async () => {
    const { port } = commands.peers.discovery;
    const { code, stdout, stderr } = await tabring('serve', '--host', '127.0.0.1', '--port', String(port));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `tabring: port ${port} is taken by another program: choose another, "tabring serve --port ${port < 65_535 ? port + 1 : 8080}"\n`,
    );
  });

  test('a ring without room is told, and keeps nothing of the file', async () => {
    const full = await NodePeers.start();
    try {
      const nodes = [await full.open({ quotaBytes: 100_000 }), await full.open({ quotaBytes: 100_000 })];
      await full.settled();
      await writeFile(full.path('large'), randomBytes(500_000));
      const args = ['store', 'large'];
      const { code, stdout, stderr } = await new Command(full.discovery.url, args, { cwd: full.directory }).ended;
      expect(stderr).toBe('tabring: large: the ring has no room for this: free some, or let more tabs join\n');
      expect([code, stdout]).toEqual([1, expect.not.stringContaining('stored')]);
      expect(nodes.map(({ peer }) => peer.inspect().held.objects)).toEqual([0, 0]);
    } finally {
      await full.stop();
    }
  });

  test('a path that cannot be stored is told, and the others are stored', async () => {
    await writeFile(commands.peers.path('there'), 'x');
    const { code, stdout, stderr } = await tabring('store', '/dev/null', 'there');
    expect([code, stderr]).toEqual([
      1,
      'tabring: /dev/null: it is no file whose length is known: pipe it in, as "-"\n',
    ]);
    expect(stdout).toContain('stored: 3 copies');
  });
});

describe('stopped in the middle', () => {
  const big = randomBytes(60_000_000);
  const heldBlocks = () => commands.peers.nodes.reduce((sum, { peer }) => sum + peer.inspect().held.objects, 0);
  const isClientLinked = () =>
    commands.peers.nodes.some(({ peer }) => peer.inspect().links.some(({ nodeId }) => !RING_IDS.includes(nodeId)));

  test('a store ends with 1 and has stored no file', async () => {
    await writeFile(commands.peers.path('big'), big);
    const before = heldBlocks();
    const command = new Command(commands.peers.discovery.url, ['store', 'big'], { cwd: commands.peers.directory });
    await until(() => heldBlocks() > before);
    command.signal('SIGINT');
    const { code, stdout, stderr } = await command.ended;
    expect([code, stderr]).toEqual([1, 'tabring: stopped\n']);
    expect(stdout).not.toContain('stored');
    await until(() => !isClientLinked());
  });

  test('a store that waits for its input, too', async () => {
    const command = new Command(commands.peers.discovery.url, ['store', '-'], { cwd: commands.peers.directory });
    await command.printed('random node');
    command.signal('SIGTERM');
    expect(await command.ended).toMatchObject({ code: 1, stderr: 'tabring: stopped\n' });
  });

  test('a retrieve leaves nothing behind', async () => {
    const [first] = commands.peers.nodes;
    const { link } = (await first?.peer.store(new File([big], 'big'))) ?? { link: '' };
    await mkdir(commands.peers.path('nothing'));
    const command = new Command(commands.peers.discovery.url, ['retrieve', link], {
      cwd: commands.peers.path('nothing'),
    });
    await command.printed('route');
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 1, stderr: 'tabring: stopped\n' });
    expect(await readdir(commands.peers.path('nothing'))).toEqual([]);
  });
});
