// A ring of Node peers with their blocks on the disk, each a process of its own, and commands that store into it and fetch from it.

import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, type Ended } from '../../client/test/node/command.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../signaling/server.ts';
import { residentBytes } from './process-memory.ts';
import { megabytes, type Quantity, watched } from './watched.ts';

const STATIC_DIR = fileURLToPath(new URL('../../dist', import.meta.url));
const PEERS = 3;
/** What a file of any size may cost beyond the process that is idle: a few segments of 4 MiB, on their way and as garbage. */
const MAX_GROWTH_BYTES = 300e6;

export class PeerRing {
  readonly discovery: DiscoveryNode;
  /** For files of the tests; goes with the ring. */
  readonly directory: string;
  readonly #peers: Command[] = [];
  /** Of a peer in a ring that is at rest. */
  #idleBytes = 0;

  private constructor(discovery: DiscoveryNode, directory: string) {
    this.discovery = discovery;
    this.directory = directory;
  }

  /** `copies`: how often a file of `bytes` will lie on the disk. Rejects if there is no room for that. */
  static async start(bytes: number, copies: number): Promise<PeerRing> {
    const { bavail, bsize } = await statfs(tmpdir());
    if (bavail * bsize < copies * bytes)
      throw new Error(`${tmpdir()} has not the room for ${copies} times ${megabytes(bytes)}`);
    const directory = await mkdtemp(join(tmpdir(), 'tabring-large-'));
    const ring = new PeerRing(await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR }), directory);
    try {
      for (let index = 0; index < PEERS; index += 1) await ring.#startPeer(join(directory, `peer-${index}`));
      ring.#idleBytes = Math.max(...(await Promise.all(ring.#peers.map(({ pid }) => residentBytes(pid)))));
      console.log(`a ring of ${PEERS} Node peers; an idle one has ${megabytes(ring.#idleBytes)}`);
      return ring;
    } catch (error) {
      await ring.stop();
      throw error;
    }
  }

  /** The memory of each peer. */
  get quantities(): readonly Quantity[] {
    return this.#peers.map(({ pid }, index) => this.#memoryOf(`peer ${index}`, pid));
  }

  /** Runs a command that moves `bytes` to its end, with an eye on its memory and that of the peers. Rejects if it fails. */
  async run(bytes: number, args: readonly string[]): Promise<Ended> {
    const [name = ''] = args;
    const command = new Command(this.discovery.url, args, { cwd: this.directory, input: '' });
    const quantities = [this.#memoryOf(name, command.pid), ...this.quantities];
    const ended = await watched(`${name} by the command line`, bytes, quantities, () => command.ended);
    if (ended.code !== 0) throw new Error(`${name}: ${ended.stderr}`);
    return ended;
  }

  async stop(): Promise<void> {
    for (const peer of this.#peers) {
      // Twice: nothing of it is to be handed over.
      peer.signal('SIGTERM');
      peer.signal('SIGINT');
      await peer.ended;
    }
    await this.discovery.close();
    await rm(this.directory, { recursive: true });
  }

  async #startPeer(directory: string): Promise<void> {
    const peer = new Command(this.discovery.url, ['peer', '--json', '--dir', directory]);
    this.#peers.push(peer);
    await peer.printed('"active"');
  }

  #memoryOf(name: string, pid: number | undefined): Quantity {
    return { name, look: () => residentBytes(pid), maxBytes: this.#idleBytes + MAX_GROWTH_BYTES };
  }
}
