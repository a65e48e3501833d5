// A peer's directory that the version before certificates really left, opened with this one: its id, its blocks and its files go on.
//
// How it was made (fixtures/peer-before-certificates), with the code of commit cb9eb7c and a Discovery node of its own:
//   tabring peer --id 3f2a --dir peer-before-certificates
//   > store diary.txt
//   > store long.txt
//   tabring store --public notice.txt      by another process, held by this peer alone
//   > exit
// By then no file was sealed: a link was a file's id.

import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { NodePeerOptions } from '../../src/node/compose.ts';
import type { Peer } from '../../src/peer/peer.ts';
import { BLOCKS_OF_THEN, DIARY, FILES_OF_THEN, LONG, NOTICE } from '../support/files-before-certificates.ts';
import { NodePeers } from './node-peers.ts';

const LEFT = fileURLToPath(new URL('../fixtures/peer-before-certificates', import.meta.url));
const ID = '3f2a'.padEnd(32, '0');
const DEVICE = '1f39954e15726d9e778aa54e5901437f';

let ring: NodePeers;
afterEach(() => ring.stop());

/** Opens a copy of what was left in a ring that has a node of its own already. */
async function open(options: Parameters<typeof NodePeers.start>[0]) {
  ring = await NodePeers.start(options);
  const dir = ring.path('left');
  await cp(LEFT, dir, { recursive: true });
  const notices: string[] = [];
  const again = (more: Omit<NodePeerOptions, 'server'> = {}) =>
    ring.open({ dir, notify: (notice) => notices.push(notice), ...more });
  return { other: await ring.open(), node: await again(), notices, again };
}

async function text(peer: Peer, link: string): Promise<string> {
  return (await (await peer.retrieve(link)).blob()).text();
}

/** All three, by the peer that had them and by another one; the public one by its name too. */
async function allThere(peers: readonly Peer[]): Promise<void> {
  for (const peer of peers) {
    for (const file of FILES_OF_THEN) expect(await text(peer, file.fileId), file.name).toBe(file.text);
    const { files, missing } = await peer.find(NOTICE.name);
    expect([files.map(({ fileId }) => fileId), missing]).toEqual([[NOTICE.fileId], 0]);
  }
}

test('a directory left by the version before certificates is taken over, with its id, device, blocks and files', async () => {
  const { other, node, notices, again } = await open({});
  expect(node.peer.nodeId).toBe(ID);
  expect(node.peer.inspect().devices[node.peer.nodeId]).toBe(DEVICE);
  expect(node.peer.listFiles().held).toHaveLength(BLOCKS_OF_THEN);
  const own = node.peer.listFiles().own.map(({ fileId, name, isPublic }) => ({ fileId, name, isPublic }));
  expect(own).toEqual([DIARY, LONG].map(({ fileId, name }) => ({ fileId, name, isPublic: true })));
  expect(notices).toEqual([]);
  await ring.settled();
  await allThere([node.peer, other.peer]);
  await ring.leave(node);
  const back = await again();
  expect(back.peer.nodeId).toBe(ID);
  await allThere([back.peer]);
});

test('at a Discovery node that lets nobody choose it is another node from then on, says so, and all files are there', async () => {
  const { other, node, notices } = await open({ chosenIds: 'none' });
  const { nodeId } = node.peer;
  expect(nodeId).not.toBe(ID);
  expect(notices).toEqual([
    `this node was ${ID} and is ${nodeId} from now on: an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from here; what it held goes on with it (${BLOCKS_OF_THEN} blocks)`,
  ]);
  await ring.settled();
  await allThere([node.peer, other.peer]);
});
