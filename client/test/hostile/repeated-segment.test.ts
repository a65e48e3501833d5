// A file of two gigabytes that is made of one segment of four mebibytes, fetched by the command line: the segment travels once,
// and the command's memory is bounded, whether it writes in order or at all places at once.

import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Command } from '../node/command.ts';
import { SETTLE_MS } from '../node/node-peers.ts';
import { HostileRing } from './hostile-ring.ts';
import { storeRepeated } from './lying-manifest.ts';

const SEGMENT_BYTES = 4 * 1024 * 1024;
const TIMES = 512;
/** As a file it takes room on the disk: all of it by `npm run test:liars`, else an eighth. */
const TIMES_ON_DISK = process.env.TABRING_LONG_TESTS === '1' ? TIMES : TIMES / 8;
/** More than a fetch of a file of one byte takes: the segment, some copies of it on the way, and compiled code. */
const MAX_GROWTH_BYTES = 96 * 1024 * 1024;
/** Run before the command itself. */
const TELLS_ITS_PEAK =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("peak KiB "+process.resourceUsage().maxRSS+"\\n"))';

let ring: HostileRing;
beforeEach(async () => {
  ring = await HostileRing.start(3);
}, SETTLE_MS);
afterEach(() => ring.stop(), SETTLE_MS);

/** Runs `tabring retrieve`; the most memory that it had, in bytes. */
async function peakOf(fileId: string, output: string): Promise<number> {
  const program = ['--import', TELLS_ITS_PEAK, Command.bin];
  const { url } = ring.peers.discovery;
  const { code, stderr } = await new Command(url, ['retrieve', fileId, '-o', output], { program }).ended;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const [, kib] = /peak KiB (\d+)/.exec(stderr) ?? [];
  return Number(kib) * 1024;
}

it.each([
  ['in order', TIMES, '/dev/null'],
  ['into a file', TIMES_ON_DISK, undefined],
])(
  'a segment that a manifest names again and again is fetched once, and kept once: %s, %i times',
  async (_, times, output) => {
    const small = await ring.hostile.peer.store(new File(['x'], 'small'), { isPublic: true });
    const fileId = await storeRepeated(ring.hostile, times, SEGMENT_BYTES);
    const usual = await peakOf(small.fileId, ring.peers.path('small'));
    let sent = 0;
    for (const peer of [...ring.honest, ring.hostile.peer]) {
      peer.subscribe((event) => {
        if (event.type === 'sent' && event.size === SEGMENT_BYTES) sent += 1;
      });
    }
    const path = output ?? ring.peers.path('large');
    const growth = (await peakOf(fileId, path)) - usual;
    expect(sent).toBe(1);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    if (output === undefined) expect((await stat(path)).size).toBe(times * SEGMENT_BYTES);
  },
  4 * SETTLE_MS,
);
