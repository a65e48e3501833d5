// What the commands print, where, and with which exit code.

import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/sim/command-line.ts';

function run(...args: string[]): { readonly code: number; readonly out: string; readonly error: string } {
  let out = '';
  let error = '';
  const code = runCommandLine(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
  });
  return { code, out, error };
}

describe('wrong usage', () => {
  it.each([
    [[]],
    [['dance']],
    [['hops']],
    [['hops', '--nodes', 'many']],
    [['hops', '--nodes', '-1']],
    [['hops', '--nodes', '10', '--colour', 'red']],
    [['hops', '--nodes', '10', '--leaf-set', '3']],
    [['hops', '--nodes', '100', '--digits', '1']],
    [['hops', '--nodes', '10', '--b', '3']],
    [['failures', '--nodes', '10', '--fail', '10']],
    [['churn', '--nodes', '10']],
    [['churn', '--nodes', '10', '--median-session-min', '5', '--minutes', '5', '--topology', 'torus']],
    [['ring']],
    [['ring', '--ids', '2293,2293']],
    [['ring', '--ids', '2293,zz']],
    [['ring', '--ids', '2293,7eaf', '--route', '2293']],
    [['ring', '--ids', '2293,7eaf', '--route', '1111:818e']],
    [['ring', '--ids', '2293,7eaf', '--crash', '2293', '--route', '2293:818e']],
    [['objects', '--nodes', '10', '--sharing', '11']],
    [['sessions', '--uplink', '0']],
    [['acknowledged', '--replicas', '2']],
    [['chaos']],
    [['chaos', '--seed', '1', '--without', 'gravity']],
  ])('%j: one line on stderr, exit code 2', (args) => {
    const { code, out, error } = run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(error).toMatch(/^sim: [^\n]+\n$/);
  });
});

describe('objects', () => {
  const json = (...args: string[]): { code: number; result: Record<string, number> } => {
    const { code, out } = run(...args, '--json');
    return { code, result: JSON.parse(out) };
  };

  it('are on their nodes at rest, and on them again after a mass death; k - 1 deaths lose none', () => {
    const { code, result } = json('objects', '--nodes', '30', '--objects', '40', '--draws', '100', '--die', '0.1');
    expect(code).toBe(0);
    expect(result).toMatchObject({ acknowledged: 40, onExactlyTheirNodes: 1, lostInDraws: 0, lostAfterRepair: 0 });
    expect(result).toMatchObject({ fewestDevices: 3, onExactlyTheirNodesAfterRepair: 1 });
  });

  it('are on three devices where most nodes share one, and a leaf set sees them all', () => {
    const args = ['--nodes', '16', '--objects', '20', '--sharing', '13', '--draws', '0', '--die', '0'];
    expect(json('objects', ...args).result).toMatchObject({ onExactlyTheirNodes: 1, fewestDevices: 3 });
  });

  it('outlive sessions, and two of their holders right after they were acknowledged', () => {
    const sessions = json('sessions', '--nodes', '30', '--objects', '20', '--hours', '0.2');
    expect(sessions.result).toMatchObject({ safe: 20, lost: 0 });
    expect(sessions.result.departures).toBeGreaterThan(2);
    expect(sessions.result.repairMegabytesPerNodeHour).toBeGreaterThan(0);
    const acknowledged = json('acknowledged', '--nodes', '30', '--objects', '10');
    expect(acknowledged).toMatchObject({ code: 0, result: { safeLost: 0, failed: 0 } });
    expect((acknowledged.result.safe ?? 0) + (acknowledged.result.stored ?? 0)).toBeGreaterThanOrEqual(10);
  });
});

describe('ring', () => {
  const RING = ['ring', '--ids', '2293,7eaf,85d9,8aa6,da7f', '--digits', '4', '--leaf-set', '2'];

  it('shows the textbook route', () => {
    const { code, out } = run(...RING, '--route', '2293:818e', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.routes).toEqual([
      { from: '2293', key: '818e', route: ['2293', '8aa6', '85d9', '7eaf'], root: '7eaf', hops: 3 },
    ]);
    expect(result.nodes.map(({ nodeId }: { nodeId: string }) => nodeId)).toEqual([
      '2293',
      '7eaf',
      '85d9',
      '8aa6',
      'da7f',
    ]);
    expect(result.nodes[0].leafSet).toEqual({ cw: ['7eaf'], ccw: ['da7f'] });
    expect(result.nodes[0].routingTable).toContainEqual({ row: 0, column: '8', nodeId: '8aa6' });
  });

  it('applies departures and crashes in order, and repairs', () => {
    const { code, out } = run(...RING, '--crash', '7eaf', '--leave', 'da7f', '--route', '2293:818e', '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.nodes.map(({ nodeId }: { nodeId: string }) => nodeId)).toEqual(['2293', '85d9', '8aa6']);
    expect(result.routes[0].root).toBe('85d9');
    expect(result.nodes[0].leafSet).toEqual({ cw: ['85d9'], ccw: ['8aa6'] });
  });
});

describe('other commands', () => {
  it('hops prints a table, or one JSON object with the promised keys', () => {
    const args = ['hops', '--nodes', '12', '--lookups', '200', '--seed', '3'];
    expect(run(...args).out).toMatch(/^nodes +12$/m);
    const { code, out } = run(...args, '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ nodes: 12, lookups: 200, seed: 3, misdelivered: 0, lost: 0 });
    const keys = [
      'meanHops',
      'maxHops',
      'hopHistogram',
      'stretch',
      'rareCaseShare',
      'joinMessagesMean',
      'tableEntriesMean',
    ];
    expect(Object.keys(result)).toEqual(expect.arrayContaining(keys));
    expect(result.meanHops).toBeGreaterThan(0.5);
    expect(result.stretch).toBeGreaterThanOrEqual(1);
  });

  it('failures tells hops before, broken and repaired', () => {
    const { out } = run('failures', '--nodes', '12', '--fail', '3', '--lookups', '100', '--json');
    const result = JSON.parse(out);
    const keys = ['hopsBefore', 'hopsBroken', 'hopsRepaired', 'missingEntriesRecovered', 'messagesPerFailure'];
    expect(Object.keys(result)).toEqual(expect.arrayContaining(keys));
    expect(result).toMatchObject({ misdelivered: 0, leafSetsExact: true });
    expect(result.missingEntriesRecovered).toBe(result.recoverableEntries);
  });

  it('churn tells what maintenance costs and what went wrong', () => {
    const args = [
      '--nodes',
      '12',
      '--median-session-min',
      '20',
      '--minutes',
      '20',
      '--loss',
      '0.02',
      '--topology',
      'transit-stub',
    ];
    const { code, out } = run('churn', ...args, '--json');
    expect(code).toBe(0);
    const result = JSON.parse(out);
    expect(result.deaths).toBeGreaterThan(0);
    expect(result.lookups).toBeGreaterThan(50);
    expect(result.controlBytesPerNodeSecond).toBeGreaterThan(0);
    const keys = ['incorrect', 'lost', 'stretch', 'controlMessagesPerNodeSecond', 'leafSetExactShare'];
    expect(Object.keys(result)).toEqual(expect.arrayContaining(keys));
  });

  it('chaos names the seed', () => {
    const { code, out } = run('chaos', '--seed', '2', '--nodes', '6', '--minutes', '2', '--runs', '2', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ seed: 2, runs: 2, failedSeeds: [] });
  });
});
