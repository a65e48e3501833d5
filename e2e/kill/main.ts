// `npm run test:kill [-- --peers 20 --files 300 --rounds 50 --every 10]`: peers as processes are killed with -9, and what was stored must be
// there. One after the other until four are left, of a ring at rest and of one that is being stored into; and two holders of each of
// fifty files right after its acknowledgement. Prints a table; exit code 1 if a promise was broken.

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { composeNodePeer, type NodePeer } from '../../client/src/node/compose.ts';
import { startDiscoveryNode } from '../../signaling/server.ts';
import { PeerPack } from './peer-pack.ts';

const LEFT = 4;
const MAX_FILE_BYTES = 40_000;
const COPIED_MS = 300_000;
const POLL_MS = 250;
/** A fetch that begins so long after its holders were killed ends within that. */
const FETCH_AFTER_MS = 4_000;
const FETCH_MS = 5_000;
const DYING = 2;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { peers: text, files: text, rounds: text, every: text } });
const peers = Number(values.peers ?? 20);
const files = Number(values.files ?? 300);
const rounds = Number(values.rounds ?? 50);
const everyMs = Number(values.every ?? 10) * 1000;

interface Stored {
  readonly fileId: string;
  readonly link: string;
  readonly bytes: Buffer;
}

const rows: (readonly [string, string, boolean])[] = [];
await atRest();
await whileStoring();
await afterAcknowledgements();
for (const [what, figure, isRight] of rows)
  console.log(`${isRight ? 'right ' : 'BREACH'}  ${what.padEnd(60)} ${figure}`);
process.exit(rows.every(([, , isRight]) => isRight) ? 0 : 1);

/** All stored and copied, then one is killed after the other. */
async function atRest(): Promise<void> {
  await withRing(peers, async (server, pack) => {
    const stored = await withPeer(server, async ({ peer }) => {
      const all: Stored[] = [];
      for (let index = 0; index < files; index += 1) all.push(await store(peer));
      for (const { fileId } of all) await until(async () => (await peer.fileStatus(fileId)).copies >= 3);
      return all;
    });
    await killUntilFew(pack);
    await readAll(server, 'killed one after the other, at rest', stored);
  });
}

/** What is acknowledged while peers are killed is there too. */
async function whileStoring(): Promise<void> {
  await withRing(peers, async (server, pack) => {
    const stored: Stored[] = [];
    await withPeer(server, async ({ peer }) => {
      let isOver = false;
      const killing = killUntilFew(pack).finally(() => {
        isOver = true;
      });
      while (!isOver || stored.length < files) stored.push(await store(peer));
      await killing;
    });
    await readAll(server, 'killed one after the other, while files are stored', stored);
  });
}

async function afterAcknowledgements(): Promise<void> {
  await withRing(peers, async (server, pack) => {
    let [there, slowest, killed] = [0, 0, 0];
    await withPeer(server, async ({ peer: storer }) => {
      await withPeer(server, async ({ peer: fetcher }) => {
        for (let round = 0; round < rounds; round += 1) {
          const { fileId, link, bytes } = await store(storer);
          // A small file is one block, and its id that block's digest.
          killed += await pack.killHolders(fileId, DYING);
          await sleep(FETCH_AFTER_MS);
          const startedAt = performance.now();
          if (await isThere(fetcher, link, bytes)) there += 1;
          slowest = Math.max(slowest, performance.now() - startedAt);
          while (pack.size < peers) await pack.add();
        }
      });
    });
    rows.push([
      `there after ${killed} holders were killed at their acknowledgements`,
      `${there} of ${rounds}`,
      there === rounds,
    ]);
    rows.push([
      `slowest fetch, begun ${FETCH_AFTER_MS / 1000} s later`,
      `${(slowest / 1000).toFixed(1)} s`,
      slowest <= FETCH_MS,
    ]);
  });
}

async function killUntilFew(pack: PeerPack): Promise<void> {
  while (pack.size > LEFT) {
    await sleep(everyMs);
    await pack.killAny();
    console.log(`${pack.size} peers are left`);
  }
}

async function readAll(server: string, what: string, stored: readonly Stored[]): Promise<void> {
  await withPeer(server, async ({ peer }) => {
    let back = 0;
    for (const { link, bytes } of stored) if (await isThere(peer, link, bytes)) back += 1;
    rows.push([what, `${back} of ${stored.length} files are back`, back === stored.length]);
  });
}

async function store(peer: NodePeer['peer']): Promise<Stored> {
  const bytes = randomBytes(1 + Math.floor(Math.random() * MAX_FILE_BYTES));
  const { fileId, link } = await peer.store(new File([bytes], 'kill.bin'));
  return { fileId, link, bytes };
}

async function isThere(peer: NodePeer['peer'], link: string, bytes: Buffer): Promise<boolean> {
  try {
    const file = await peer.retrieve(link);
    return Buffer.from(await (await file.blob()).arrayBuffer()).equals(bytes);
  } catch (error) {
    console.log(`a file did not come: ${String(error)}`);
    return false;
  }
}

async function withRing(count: number, use: (server: string, pack: PeerPack) => Promise<void>): Promise<void> {
  const discovery = await startDiscoveryNode({ host: '127.0.0.1' });
  const pack = await PeerPack.open(discovery.url, count);
  try {
    await use(discovery.url, pack);
  } finally {
    await pack.close();
    await discovery.close();
  }
}

/** One of this process, beside the others; it hands over and leaves. */
async function withPeer<Result>(server: string, use: (node: NodePeer) => Promise<Result>): Promise<Result> {
  const node = await composeNodePeer({ server });
  await node.peer.start();
  await until(() => node.peer.status === 'active');
  try {
    return await use(node);
  } finally {
    await node.peer.leave();
  }
}

async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + COPIED_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error('it takes too long');
    await sleep(POLL_MS);
  }
}
