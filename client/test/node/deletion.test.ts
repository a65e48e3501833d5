// A deletion over directories: gone from all of them, and it stays so when a node comes back whose directory has a copy.

import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileOf } from '../peer/ring.ts';
import { someBytes } from '../peer/transfer-node.ts';
import { NodePeers, until } from './node-peers.ts';

const NAMES = ['1', '5', '9', 'd'];

let ring: NodePeers;
beforeAll(async () => {
  ring = await NodePeers.start();
});
afterAll(() => ring.stop());

/** Directories with blocks in them. */
async function holders(): Promise<string[]> {
  const counts = await Promise.all(
    NAMES.map(async (name) => (await readdir(ring.path(name, 'blocks'))).filter((file) => file !== 'canary').length),
  );
  return NAMES.filter((_, index) => (counts[index] ?? 0) > 0);
}

test('P48: deleted while a holder is away, it is gone when that one is back', async () => {
  const nodes = new Map(
    await Promise.all(
      NAMES.map(async (name) => [name, await ring.open({ wantedId: name, dir: ring.path(name) })] as const),
    ),
  );
  await ring.settled();
  const owner = nodes.get('1');
  if (owner === undefined) throw new Error('no node 1');
  const { link } = await owner.peer.store(fileOf('a', someBytes(30_000, 1)));
  await until(async () => (await holders()).length === 3);
  const away = (await holders()).find((name) => name !== '1') ?? '';
  const leaving = nodes.get(away);
  if (leaving === undefined) throw new Error('no holder but the owner');
  await ring.kill(leaving);
  await ring.settled();
  // The three that are left have made the copy that went away again.
  await until(async () => (await holders()).length === NAMES.length);
  // The one that is away may be counted too.
  expect(await owner.peer.remove(link)).toMatchObject({ deletedAt: 3, isDone: true });
  await until(async () => (await holders()).join() === away);
  await ring.open({ dir: ring.path(away) });
  await until(async () => (await holders()).length === 0);
  await ring.settled();
  expect(await holders()).toEqual([]);
});
