// The command line on a real terminal: what is typed there, key by key, and what it shows. The terminal is that of
// util-linux's `script`, which every Linux has.

import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command } from './command.ts';
import { NodePeers } from './node-peers.ts';

const BIN = fileURLToPath(new URL('../../src/node/bin.mjs', import.meta.url));
const CTRL_C = '\u0003';
const ARROW_UP = '\u001b[A';
/** Clears the line. */
const TAKEN_BACK = '\r\u001b[2K';
const LARGE_BYTES = 40_000_000;
const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

let ring: NodePeers;
beforeAll(async () => {
  ring = await NodePeers.start();
  await ring.open({ wantedId: '5' });
});
afterAll(() => ring.stop());

/** `tabring` on a terminal so many columns wide. Its standard input stays open: it is what is typed. */
function onTerminal(args: string, columns = 80, before = ''): Command {
  const line = `stty cols ${columns} rows 40; ${before} exec "${process.execPath}" "${BIN}" ${args}`;
  const starter = `require('node:child_process').spawn('script', ['-qfec', ${JSON.stringify(line)}, '/dev/null'], { stdio: 'inherit' }).on('close', (code) => process.exit(code))`;
  return new Command(ring.discovery.url, [], { cwd: ring.directory, program: ['-e', starter] });
}

describe.skipIf(!hasTerminals)('on a terminal', () => {
  test('results are coloured, unless NO_COLOR is set', async () => {
    const [coloured, plain] = await Promise.all([
      onTerminal('lookup 8').ended,
      onTerminal('lookup 8', 80, 'NO_COLOR=1').ended,
    ]);
    expect([coloured.code, plain.code]).toEqual([0, 0]);
    expect(coloured.stdout).toContain('\u001b[90mrandom node ');
    expect(plain.stdout).not.toContain('\u001b');
    expect(plain.stdout).toContain('root 5');
  });

  test('a transfer draws a bar, and takes it back', async () => {
    await writeFile(ring.path('large'), Buffer.alloc(LARGE_BYTES, 'ring'));
    const { code, stdout } = await onTerminal('store large').ended;
    expect(code).toBe(0);
    const [, ...bars] = stdout.split(TAKEN_BACK);
    expect(bars.length).toBeGreaterThan(1);
    const rest = bars.pop();
    for (const bar of bars) {
      expect(bar).toMatch(/^\[#*-*\] +\d+ % of 40 MB/);
      // Where it takes long the words leave less room for the name.
      if (bar.length < 79) expect(bar).toMatch(/: storing large$/);
      expect(bar.length).toBeLessThan(80);
    }
    expect(rest).toMatch(/^file large, 40 MB\r\nid /);
  });

  test('a peer’s prompt edits, completes and remembers; its tables fit; Ctrl+C leaves in good order', async () => {
    const peer = onTerminal('peer --id 1000');
    await peer.printed('rows 1 to 31 are empty');
    expect(peer.stdout).toContain('1000> ');
    peer.keys('loo\t');
    await peer.shown('lookup ');
    peer.keys('8\r');
    await peer.printed('root 5');
    const before = peer.stdout.length;
    peer.keys('print-dht\r');
    await peer.matched('rows 1 to 31 are empty', before);
    const asked = peer.stdout.length;
    peer.keys(ARROW_UP);
    await peer.shown('print-dht', asked);
    peer.keys(ARROW_UP);
    await peer.shown('lookup 8', asked);
    peer.keys('\r');
    await peer.matched('root 5', asked);
    const table = peer.stdout.slice(before, asked).split('\r\n');
    expect(table.find((line) => line.startsWith('  0 '))).toMatch(/^ {2}0 {3}- +\* +- +- +- +500 /);
    expect(Math.max(...table.filter((line) => /^ {2}(row|0) /.test(line)).map((line) => line.length))).toBeLessThan(80);
    peer.keys(CTRL_C);
    const { code, stdout } = await peer.ended;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/leaving: .*\r\n[\s\S]*left\r\n/)]);
  });
});
