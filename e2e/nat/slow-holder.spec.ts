// A home with an up-link of a hundredth of the others' holds a file too: it keeps nobody waiting who fetches it.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { Command } from '../../client/test/node/command.ts';
import { ip, Namespaces, slowDown, sysctl, whyNoNamespaces, whyNoSlowLinks, within } from './namespaces.ts';
import { DISCOVERY_URL, startServers } from './public-servers.ts';
import { PUBLIC_ADDRESS } from './two-homes.ts';

const HOLDERS = ['one', 'two', 'slow'] as const;
const SEGMENTS = 6;
const FILE_BYTES = SEGMENTS * 4_000_000;
const SLOW_BITS_PER_SECOND = 1_000_000;
/** Of one segment from the slow one: more than all of the file may take. */
const SEGMENT_FROM_SLOW_MS = (8_000 * (FILE_BYTES / SEGMENTS)) / SLOW_BITS_PER_SECOND;

const lacking = whyNoNamespaces() ?? whyNoSlowLinks();

test('a file is fetched in less time than its slowest holder takes for one segment', async () => {
  test.skip(lacking !== undefined, lacking);
  const namespaces = new Namespaces();
  const folder = mkdtempSync(join(tmpdir(), 'tabring-slow-'));
  try {
    const between = namespaces.add('public');
    sysctl(between, 'net.ipv4.ip_forward=1');
    ip(between, `addr add ${PUBLIC_ADDRESS}/32 dev lo`);
    await startServers(between, { ice: 'none' });
    const homes = new Map(
      [...HOLDERS, 'reader'].map((name, index) => [name, addHome(namespaces, between, name, index)]),
    );
    const inHome = (name: string, ...args: readonly string[]): Command =>
      new Command(DISCOVERY_URL, args, { within: within(homes.get(name) ?? '') });
    for (const name of HOLDERS) await inHome(name, 'peer').printed('active');
    const file = join(folder, 'film.bin');
    writeFileSync(file, randomBytes(FILE_BYTES));
    const { stdout: link, stderr } = await inHome('one', 'store', '-q', file).ended;
    expect(stderr).toBe('');
    await expect
      .poll(async () => (await inHome('one', 'status', link.trim()).ended).stdout, { timeout: 60_000 })
      .toMatch(/3 of 3/);
    slowDown(homes.get('slow') ?? '', 'wan', SLOW_BITS_PER_SECOND);
    const copy = join(folder, 'copy.bin');
    const startedAt = performance.now();
    expect(await inHome('reader', 'retrieve', link.trim(), '-o', copy).ended).toMatchObject({ code: 0 });
    const ms = performance.now() - startedAt;
    expect(readFileSync(copy).equals(readFileSync(file))).toBe(true);
    console.log(
      `${SEGMENTS} segments in ${(ms / 1_000).toFixed(1)} s; the slow holder takes ${SEGMENT_FROM_SLOW_MS / 1_000} s for one`,
    );
    expect(ms).toBeLessThan(SEGMENT_FROM_SLOW_MS);
  } finally {
    await namespaces.removeAll();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Its name. */
function addHome(namespaces: Namespaces, between: string, name: string, index: number): string {
  const home = namespaces.add(name);
  const [gateway, address] = [`198.51.100.${4 * index + 1}`, `198.51.100.${4 * index + 2}`];
  ip(between, `link add to-${name} type veth peer name wan netns ${home}`);
  ip(between, `addr add ${gateway}/30 dev to-${name}`);
  ip(between, `link set to-${name} up`);
  ip(home, `addr add ${address}/30 dev wan`);
  ip(home, 'link set wan up');
  ip(home, `route add default via ${gateway}`);
  return home;
}
