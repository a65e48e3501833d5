// Peers as processes of their own, each with a directory, that can be killed without a word; and which of them has what on its disk.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from '../../client/test/node/command.ts';

interface Member {
  readonly command: Command;
  readonly directory: string;
}

export class PeerPack {
  readonly #server: string;
  readonly #top: string;
  #members: Member[] = [];
  #opened = 0;

  private constructor(server: string, top: string) {
    this.#server = server;
    this.#top = top;
  }

  static async open(server: string, count: number): Promise<PeerPack> {
    const pack = new PeerPack(server, await mkdtemp(join(tmpdir(), 'tabring-kill-')));
    for (let index = 0; index < count; index += 1) await pack.add();
    return pack;
  }

  get size(): number {
    return this.#members.length;
  }

  /** One more, with an empty directory; resolves when it is in the ring. */
  async add(): Promise<void> {
    const directory = join(this.#top, `peer-${this.#opened}`);
    this.#opened += 1;
    const command = new Command(this.#server, ['peer', '--json', '--dir', directory]);
    await command.printed('"active"');
    this.#members.push({ command, directory });
  }

  /** With SIGKILL, whichever chance says. */
  async killAny(): Promise<void> {
    const member = this.#members[Math.floor(Math.random() * this.#members.length)];
    if (member !== undefined) await this.#kill([member]);
  }

  /** At most `most` of those that have the block of this digest; how many those were. */
  async killHolders(digest: string, most: number): Promise<number> {
    const holders = this.#members.filter(({ directory }) => blocksIn(directory).some((name) => name.includes(digest)));
    await this.#kill(holders.slice(0, most));
    return Math.min(most, holders.length);
  }

  async close(): Promise<void> {
    await this.#kill([...this.#members]);
    await rm(this.#top, { recursive: true, force: true });
  }

  async #kill(dying: readonly Member[]): Promise<void> {
    this.#members = this.#members.filter((member) => !dying.includes(member));
    for (const { command } of dying) command.signal('SIGKILL');
    await Promise.all(dying.map(({ command }) => command.ended));
  }
}

function blocksIn(directory: string): readonly string[] {
  const blocks = join(directory, 'blocks');
  return existsSync(blocks) ? readdirSync(blocks, { recursive: true }).map(String) : [];
}
