// A script that stores one file after the other by commands of their own, as shells do: each is a new client of one address.
// `npm run test:stores` has it store 1,000.

import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Command } from './command.ts';
import { NodePeers } from './node-peers.ts';

const STORES = process.env.TABRING_LONG_TESTS === '1' ? 1_000 : 10;
/** Each takes a second on an idle machine. */
const STORE_MS = 20_000;

test(
  `tabring store, ${STORES} times in a row: each file is there, and nobody is told to wait`,
  async () => {
    const ring = await NodePeers.start();
    try {
      for (let peer = 0; peer < 3; peer += 1) await ring.open();
      await ring.settled();
      const links: string[] = [];
      for (let number = 0; number < STORES; number += 1) {
        const name = `${number}.txt`;
        await writeFile(ring.path(name), `the text of ${name}`);
        const options = { cwd: ring.directory, input: '' };
        const { code, stdout, stderr } = await new Command(ring.discovery.url, ['store', name], options).ended;
        expect([code, stderr]).toEqual([0, '']);
        links.push(/^link (\S+)$/m.exec(stdout)?.[1] ?? '');
      }
      const [reader] = ring.nodes;
      for (const [number, link] of links.entries()) {
        expect(await (await (await reader?.peer.retrieve(link))?.blob())?.text()).toBe(`the text of ${number}.txt`);
      }
      const counters = await ring.discovery.counters();
      expect(counters).toMatchObject({ clients: STORES, registered: 3 });
      expect([counters['rate-limited'], counters['admissions-used-up']]).toEqual([undefined, undefined]);
    } finally {
      await ring.stop();
    }
  },
  STORES * STORE_MS,
);
