// A classroom ring of ten: the tenth is `tabring peer --id 1804`, a process that is asked at its prompt. Its tables are
// compared with those that follow from the ten ids, and its file with the course's key for its name.

import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discoveryCommands } from '../../../signaling/prompt.ts';
import { Prompt } from '../../src/prompt/prompt.ts';
import { leafSetText, routingTableText } from '../prompt/oracle.ts';
import { Command } from './command.ts';
import { NodePeers, until } from './node-peers.ts';

const ID = '1804';
/** In the order in which they join. At most one fits each cell of 1804's routing table. */
const OTHERS = ['0b94', '3f2a', '58c1', '7ad3', '9c0e', 'b641', '1e77', '18c1', '1807'];

let ring: NodePeers;
let peer: Command;
beforeAll(async () => {
  ring = await NodePeers.start({ params: { digits: 4, leafSetSize: 2 } });
  for (const wantedId of OTHERS) await ring.open({ wantedId });
  peer = new Command(ring.discovery.url, ['peer', '--id', ID, '--quiet'], { cwd: ring.directory });
});
afterAll(async () => {
  peer.signal('SIGTERM');
  await peer.ended;
  await ring.stop();
});

/** What the peer answers, up to a line that begins with `last`. */
async function ask(line: string, last: string): Promise<string> {
  const from = peer.stdout.length;
  peer.type(line);
  await peer.matched(`\n${last}`, from - 1);
  return peer.stdout.slice(from);
}

/** As the course writes it: for a tab `device:id` stands where `host:port` would. */
function address(id: string): string {
  const listed = ring.discovery.nodes().find(({ nodeId }) => nodeId === id);
  return `${listed?.device.slice(0, 8)}:${id}`;
}

test('leaf-set, routing-table and list-nodes are those that follow from the ids', async () => {
  const ids = [ID, ...OTHERS];
  await peer.printed(`id ${ID}`);
  // It answers as soon as it is active; its last entries may come a moment later.
  await until(async () => (await ask('routing-table', '1800-')) === routingTableText(ID, ids, address));
  expect(await ask('leaf-set', address('1807'))).toBe(leafSetText(ID, ids, address));

  const listed: string[] = [];
  const sink = { print: (line: string) => listed.push(line), complain: expect.unreachable, bug: expect.unreachable };
  await new Prompt(
    discoveryCommands(ring.discovery, async () => undefined),
    sink,
  ).run('list-nodes');
  expect(listed).toEqual(ids.toSorted().map((id) => `${address(id)}, ${id}`));
});

test('a file is listed at the course’s key of its name, and kept at that of its bytes', async () => {
  await writeFile(ring.path('file.txt'), 'hello');
  const stored = await ask('store file.txt', 'stored: 2 copies');
  // 82fe is the course's hash of the name; 7ad3 is the closest of the ten ids to it.
  expect(stored).toContain(`\nkey 82fe of its name\nroute\n  0 ${ID}\n  1 7ad3\nstored: `);
  expect(await ask('lookup file.txt', 'root')).toBe(`key 82fe\nroute\n  0 ${ID}\n  1 7ad3\nroot 7ad3\n`);
  const [, fileId = ''] = /^id (.{64})$/m.exec(stored) ?? [];
  const holders = (key: string): string[] =>
    ring.nodes
      .filter(({ peer }) => peer.listFiles().held.some((block) => block.key === key))
      .map(({ peer }) => peer.nodeId);
  await until(() => holders('82fe').length === 2 && holders(fileId.slice(0, 4)).length === 2);
  expect(holders('82fe').toSorted()).toEqual(['7ad3', '9c0e']);
});
