// `tabring peer` and `tabring nodes`, as a user types them.

import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Command } from './command.ts';
import { commandRing, RING_IDS } from './command-ring.ts';
import { NodePeers, until } from './node-peers.ts';

const commands = commandRing();
const tabring = commands.tabring.bind(commands);

test('nodes lists the ring', async () => {
  const listed = await tabring('nodes');
  expect([listed.code, listed.stderr]).toEqual([0, '']);
  expect(listed.stdout).toMatch(new RegExp(`^random node .{32}\n${RING_IDS.join('\n')}\n3 nodes\n$`));
  const some = JSON.parse((await tabring('nodes', '--limit', '2', '--json')).stdout);
  expect([some.nodes.length, some.isWhole]).toEqual([2, false]);
});

describe('tabring peer', () => {
  async function heldOnDisk(dir: string): Promise<readonly string[]> {
    const names = await readdir(join(dir, 'blocks')).catch(() => []);
    // What tells that the directory is still the same one is no block.
    return names.filter((name) => /^[0-9a-f]{64}-/.test(name));
  }

  test('killed while it stores, it comes back under its id with whole blocks only', async () => {
    const own = await NodePeers.start();
    try {
      const [storer] = [await own.open(), await own.open()];
      const dir = own.path('killed');
      const args = ['peer', '--dir', dir, '--json'];
      const killed = new Command(own.discovery.url, args);
      await killed.printed('"active"');
      const { nodeId } = JSON.parse(killed.stdout.split('\n')[0] ?? '');
      const storing = storer.peer.store(new File([randomBytes(50_000_000)], 'big'));
      await until(async () => (await heldOnDisk(dir)).length >= 2);
      killed.signal('SIGKILL');
      await Promise.all([killed.ended, storing]);
      // Written over by hand, as a block that was cut off would be.
      await writeFile(join(dir, 'incoming', 'cut-off'), 'half a blo');

      const back = new Command(own.discovery.url, args);
      await back.printed('"active"');
      expect(JSON.parse(back.stdout.split('\n')[0] ?? '').nodeId).toBe(nodeId);
      // The ring gives it what it missed: 12 segments and the manifest.
      await until(async () => (await heldOnDisk(dir)).length === 13);
      for (const name of await heldOnDisk(dir)) {
        const bytes = await readFile(join(dir, 'blocks', name));
        expect(name.startsWith(createHash('sha256').update(bytes).digest('hex'))).toBe(true);
      }
      expect(await readdir(join(dir, 'incoming'))).toEqual([]);

      const second = await new Command(own.discovery.url, args).ended;
      expect([second.code, second.stderr]).toEqual([
        1,
        expect.stringMatching(/^tabring: the process \d+ uses this dir/),
      ]);
      back.signal('SIGTERM');
      expect(await back.ended).toMatchObject({ code: 0 });
      expect(await readdir(dir)).not.toContain('lock');
    } finally {
      await own.stop();
    }
  });

  test('leaves when it is told to, and ends at once when it is told so twice', async () => {
    const polite = new Command(commands.peers.discovery.url, ['peer', '--id', 'c0de']);
    await polite.printed('active');
    expect(polite.stdout).toContain(`id c0de${'0'.repeat(28)}\nrandom node `);
    polite.signal('SIGINT');
    expect(await polite.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nactive\n[\s\S]*\nleft\n$/) });

    const hasty = new Command(commands.peers.discovery.url, ['peer']);
    await hasty.printed('active');
    hasty.signal('SIGINT');
    hasty.signal('SIGTERM');
    expect((await hasty.ended).code).not.toBe(null);
  });
});
