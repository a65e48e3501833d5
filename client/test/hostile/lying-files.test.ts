// Files that lie: one of two gigabytes that is made of one segment, and names and types that would harm who fetches them.

import { mkdir, readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Command } from '../node/command.ts';
import { SETTLE_MS } from '../node/node-peers.ts';
import { HostileRing } from './hostile-ring.ts';
import { storeRepeated } from './lying-manifest.ts';

const SEGMENT_BYTES = 1024 * 1024;
const TIMES = 512;
/** What the fetch may take of memory: the segment, some copies of it on the way, and compiled code. */
const MAX_GROWTH_BYTES = 128 * 1024 * 1024;
/** ESC, and what ends a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

let ring: HostileRing;
beforeEach(async () => {
  ring = await HostileRing.start(3, { params: { segmentBytes: SEGMENT_BYTES } });
}, SETTLE_MS);
afterEach(() => ring.stop(), SETTLE_MS);

it('a segment that a file names 512 times is fetched once, and kept once', async () => {
  const fileId = await storeRepeated(ring.hostile, TIMES, SEGMENT_BYTES);
  const reader = (await ring.peers.open()).peer;
  const before = process.memoryUsage().rss;
  const writes: number[] = [];
  const head = await reader.retrieveInto(fileId, async () => ({
    isSequential: false,
    write: async (_, positions) => void writes.push(positions.length),
  }));
  expect(head.size).toBe(TIMES * SEGMENT_BYTES);
  expect(writes).toEqual([TIMES]);
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
});

it.each(['-', '-rf', '.bashrc', '../../up', 'a\u001b[2J\nwritten to /etc/passwd\r'])(
  'the name %j does no harm to who fetches the file',
  async (name) => {
    const { link } = await ring.hostile.peer.store(new File(['stranger’s bytes'], name, { type: 'text/x\u001b[31m' }));
    const cwd = ring.peers.path('there');
    await mkdir(cwd);
    const { code, stdout, stderr } = await new Command(ring.peers.discovery.url, ['retrieve', link], { cwd }).ended;
    expect(code).toBe(0);
    expect(stdout).not.toContain('stranger’s bytes');
    for (const said of [stdout, stderr]) expect(said).not.toMatch(FORBIDDEN);
    // In its folder, under a name that is no option and not hidden, and as one line.
    const [file = '', ...others] = await readdir(cwd);
    expect(others).toEqual([]);
    expect(file).toMatch(/^[^.-]/);
    expect(await readFile(`${cwd}/${file}`, 'utf8')).toBe('stranger’s bytes');
    expect(stdout.match(/^written to /gm)).toHaveLength(1);
  },
);
