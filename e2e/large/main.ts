// A file of gigabytes by the command line into a ring of Node peers and back: it must come whole, and memory stay as it is for a
// small one. `npm run test:large`; TABRING_LARGE_BYTES sets the size, 5 GiB by default: beyond 2^32 bytes. Prints what it measured.

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, type Ended } from '../../client/test/node/command.ts';
import { startDiscoveryNode } from '../../signaling/server.ts';

const BYTES = Number(process.env.TABRING_LARGE_BYTES ?? 5 * 2 ** 30);
const PEERS = 3;
/** A command that stores or fetches, or a peer: a few segments of 4 MiB, WebRTC and Node itself. */
const MAX_RSS_BYTES = 500e6;
/** Random bytes stand at each of these places and at the end; the rest is a hole, which sealing makes as different as any bytes. */
const MARKED_EVERY_BYTES = 64 * 2 ** 20 + 12_345;
const SAMPLE_MS = 500;

const directory = await mkdtemp(join(tmpdir(), 'tabring-large-'));
const { bavail, bsize } = await statfs(directory);
if (bavail * bsize < (PEERS + 1.5) * BYTES)
  throw new Error(`${directory} has not the room for ${PEERS + 1} times ${BYTES} bytes`);
const discovery = await startDiscoveryNode({ host: '127.0.0.1' });
const peers: Command[] = [];
const peakByName = new Map<string, number>();
try {
  for (let index = 0; index < PEERS; index += 1) {
    const peer = new Command(discovery.url, ['peer', '--json', '--dir', join(directory, `peer-${index}`)]);
    peers.push(peer);
    await peer.printed('"active"');
  }
  const sent = join(directory, 'large.bin');
  await writeMarked(sent);
  const stored = await measured('store', ['store', '-q', sent]);
  const fetched = await measured('retrieve', ['retrieve', stored.stdout.trim(), '-o', join(directory, 'back.bin')]);
  if (!fetched.stdout.includes('written to')) throw new Error(fetched.stdout);
  const [before, after] = await Promise.all([digestOf(sent), digestOf(join(directory, 'back.bin'))]);
  if (before !== after) throw new Error('it did not come back as it was');
  console.log(`${BYTES} bytes came back as they were`);
  for (const [name, peak] of peakByName) console.log(`${name}: at most ${megabytes(peak)} resident`);
  const worst = Math.max(...peakByName.values());
  if (worst > MAX_RSS_BYTES) throw new Error(`more memory than ${megabytes(MAX_RSS_BYTES)}: ${megabytes(worst)}`);
} finally {
  for (const peer of peers) {
    // Twice: nothing of it is to be handed over.
    peer.signal('SIGTERM');
    peer.signal('SIGINT');
    await peer.ended;
  }
  await discovery.close();
  await rm(directory, { recursive: true });
}
process.exit();

/** Runs a command to its end, and looks meanwhile at its memory and that of the peers. */
async function measured(name: string, args: readonly string[]): Promise<Ended> {
  const startedAt = performance.now();
  const command = new Command(discovery.url, args, { cwd: directory, input: '' });
  const sampling = setInterval(() => {
    void note(name, command.pid);
    peers.forEach((peer, index) => void note(`peer ${index}`, peer.pid));
  }, SAMPLE_MS);
  const ended = await command.ended.finally(() => clearInterval(sampling));
  if (ended.code !== 0) throw new Error(`${name}: ${ended.stderr}`);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${name}: ${seconds.toFixed(0)} s, ${megabytes(BYTES / seconds)}/s`);
  return ended;
}

async function note(name: string, pid: number | undefined): Promise<void> {
  // A process that has just ended has no memory.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const bytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  peakByName.set(name, Math.max(bytes, peakByName.get(name) ?? 0));
}

async function writeMarked(path: string): Promise<void> {
  const file = await open(path, 'w');
  await file.truncate(BYTES);
  for (let position = 0; position < BYTES; position += MARKED_EVERY_BYTES) {
    const mark = randomBytes(Math.min(1_000, BYTES - position));
    await file.write(mark, 0, mark.length, position);
  }
  await file.write(Buffer.from('the end'), 0, 7, BYTES - 7);
  await file.close();
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
