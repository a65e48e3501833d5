// The ring on which tests of commands work: three Node peers, which most tests only use.

import { afterAll, beforeAll } from 'vitest';
import { Command, type Ended } from './command.ts';
import { NodePeers } from './node-peers.ts';

export const ID_A = 'a'.padEnd(32, '0');
export const RING_IDS = ['1'.padEnd(32, '0'), '5'.padEnd(32, '0'), ID_A];

export interface CommandRing {
  readonly peers: NodePeers;
  /** Runs a command in the ring's directory, without input. */
  tabring(...args: readonly string[]): Promise<Ended>;
}

/** Started once for all tests of the file; `peers` is there as soon as they run. */
export function commandRing(): CommandRing {
  let started: NodePeers | undefined;
  beforeAll(async () => {
    started = await NodePeers.start();
    for (const wantedId of RING_IDS) await started.open({ wantedId });
    await started.settled();
  });
  afterAll(() => started?.stop());
  return {
    get peers() {
      if (started === undefined) throw new Error('the ring starts with the tests');
      return started;
    },
    tabring(...args) {
      const { discovery, directory } = this.peers;
      return new Command(discovery.url, args, { cwd: directory, input: '' }).ended;
    },
  };
}

/** The link that `tabring store` printed; empty if it printed none. */
export function linkIn(stdout: string): string {
  return /^link (\S+)$/m.exec(stdout)?.[1] ?? '';
}
