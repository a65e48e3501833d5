import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Prompt } from '../../client/src/prompt/prompt.ts';
import { discoveryCommands } from '../prompt.ts';
import type { DiscoveryOptions } from '../server.ts';
import { type Bench, register, startBench, type Tab } from './support.ts';

let bench: Bench;
let now = 0;
let stops = 0;
let run: (line: string) => Promise<readonly string[]>;
let complete: (line: string) => readonly string[];

async function start(options: DiscoveryOptions = {}): Promise<void> {
  now = 0;
  bench = await startBench({ now: () => now, ...options });
  const stop = async (): Promise<void> => {
    stops += 1;
  };
  let lines: string[] = [];
  const prompt = new Prompt(discoveryCommands(bench.node, stop), {
    print: (line) => lines.push(line),
    complain: (line) => lines.push(`! ${line}`),
    bug: (error) => {
      throw error;
    },
  });
  run = async (line) => {
    lines = [];
    await prompt.run(line);
    return lines;
  };
  complete = (line) => prompt.complete(line);
}

async function join(wantedId: string): Promise<Tab> {
  const tab = await bench.connect();
  await register(tab, { wantedId });
  return tab;
}

beforeEach(() => start());
afterEach(() => bench.close());

describe('the Discovery node’s prompt', () => {
  test('list-nodes lists the nodes by id, with address, device, since when and last seen', async () => {
    expect(await run('list-nodes')).toEqual(['0 nodes']);
    await join('a000');
    now += 3_700_000;
    await join('1');
    now += 12_000;
    const zeros = '0'.repeat(28);
    expect(await run('list-nodes')).toEqual([
      '2 nodes',
      `  1000${zeros}  127.0.0.1  device-1  since 12 s       seen 12 s ago`,
      `  a000${zeros}  127.0.0.1  device-1  since 1 h 1 min  seen 1 h 1 min ago`,
    ]);
  });

  test('in a classroom ring it lists "address, id"', async () => {
    await bench.close();
    await start({ params: { digits: 4, leafSetSize: 2 } });
    for (const id of ['a000', '1804', '5000']) await join(id);
    expect(await run('list-nodes')).toEqual(['device-1:1804, 1804', 'device-1:5000, 5000', 'device-1:a000, a000']);
  });

  test('remove-node tells the node, frees its id, and prints why it is gone', async () => {
    const [tab] = [await join('1'), await join('5')];
    const removed = new Promise((resolve) => tab.once('removed', resolve));
    const nodeId = '1'.padEnd(32, '0');
    expect(await run('remove-node 1')).toEqual([`node ${nodeId} is removed`]);
    expect(await removed).toBe('its operator has sent this node away');
    expect(await bench.lines.matching(/^removed/)).toBe('removed 10000000…: by the operator (1 node)');
    expect((await run('list-nodes'))[0]).toBe('1 node');
    expect(await run(`remove-node ${nodeId}`)).toEqual([
      `! remove-node: no node "${nodeId}" is registered: see list-nodes`,
    ]);
    // Its connection lasts while it hands over; the id is another's already.
    expect(tab.connected).toBe(true);
    const other = await bench.connect();
    expect((await register(other, { wantedId: '1' })).wantedIdGranted).toBe(true);
  });

  test('remove-node of the whole id of an absent node frees it', async () => {
    const tab = await join('1');
    const nodeId = '1'.padEnd(32, '0');
    tab.disconnect();
    await bench.lines.matching(/^removed/);
    expect((await register(await bench.connect(), { wantedId: '1' })).refusal).toBe('taken');
    expect(await run('remove-node 1000')).toEqual(['! remove-node: no node "1000" is registered: see list-nodes']);
    expect(await run(`remove-node ${nodeId}`)).toEqual([`node ${nodeId} is removed`]);
    expect((await register(await bench.connect(), { wantedId: '1' })).wantedIdGranted).toBe(true);
  });

  test('remove-node wants an id that fits one node', async () => {
    await join('1a');
    await join('1b');
    expect(await run('remove-node')).toEqual(['! remove-node: <id> is missing: type "remove-node <id>"']);
    expect(await run('remove-node 1')).toEqual(['! remove-node: 2 nodes begin with "1": give more of the id']);
    expect(complete('remove-node 1b')).toEqual([`remove-node 1b${'0'.repeat(30)}`]);
    expect(await run('remove-node 1B')).toEqual([`node 1b${'0'.repeat(30)} is removed`]);
  });

  test('exit stops it, and anything else gets help', async () => {
    stops = 0;
    await run('exit');
    expect(stops).toBe(1);
    expect(await run('print-dht')).toEqual(['! unknown command "print-dht": type "help" for those there are']);
    expect((await run('help')).map((line) => line.split(' ')[0])).toEqual([
      ...['list-nodes', 'remove-node', 'exit', 'help'],
    ]);
  });
});
