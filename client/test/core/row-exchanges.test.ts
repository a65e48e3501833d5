import { describe, expect, test } from 'vitest';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

describe('the exchange of rows', () => {
  test('R51: goes now and then to leaves that have a row to themselves, though they are heard all the time', () => {
    const leaves = ['0f00', '1100'];
    const far = ['8000', '9000', 'a000'];
    const lone = LoneNode.founder('1000', [...leaves, ...far], {
      leafSetSize: 2,
      timing: { keepaliveMs: 5_000, rowExchangeMs: 60_000 },
    });
    lone.log.length = 0;
    for (let minutes = 0; minutes < 30; minutes += 1) {
      for (const leaf of leaves) lone.tell(leaf, { type: 'ping', nonce: 1, self: handle(id(leaf)) });
      lone.run(60_000, [...leaves, ...far]);
    }
    const asked = lone.log.filter(({ message }) => message.type === 'row' && message.asks).map(({ to }) => String(to));
    // 0f00 shares row 0 with those far away, who know as much of it.
    expect(new Set(asked)).toEqual(new Set(['1100', ...far]));
  });

  test('R57: each row has its turn, though its entries are heard more often than others', () => {
    const leaves = ['0fff', '1010'];
    const heard = ['1800', '1900'];
    const silent = ['8000', '9000', 'a000'];
    const asked = (improvementMs: number): ReadonlySet<string> => {
      const lone = LoneNode.founder('1000', [...leaves, ...heard, ...silent], {
        leafSetSize: 2,
        timing: { rowExchangeMs: 60_000, improvementMs },
      });
      lone.log.length = 0;
      for (let minutes = 0; minutes < 30; minutes += 1) {
        for (const nodeId of [...leaves, ...heard])
          lone.tell(nodeId, { type: 'ping', nonce: 1, self: handle(id(nodeId)) });
        lone.run(60_000, [...leaves, ...heard, ...silent]);
      }
      return new Set(lone.log.filter(({ message }) => message.type === 'row' && message.asks).map(({ to }) => to));
    };
    const rowOf1 = (asked: ReadonlySet<string>): readonly string[] => [...asked].filter((to) => to.startsWith('1'));
    expect(rowOf1(asked(240_000))).toEqual(expect.arrayContaining([expect.stringMatching(/^1[89]/)]));
    // Where questions to nearer nodes are free they reach such rows, and the exchanges go to the silent alone.
    expect(rowOf1(asked(0))).not.toEqual(expect.arrayContaining([expect.stringMatching(/^1[89]/)]));
  });

  test('R51: a row without entries is asked for now and then of one that shares a longer prefix', () => {
    const lone = LoneNode.founder('1000', ['1010', '8000'], { leafSetSize: 2, timing: { rowExchangeMs: 60_000 } });
    lone.log.length = 0;
    lone.run(600_000, ['1010', '8000']);
    const questions = lone.log.filter(({ message }) => message.type === 'cells');
    // The second exchange that would ask is within the patience for a cell that nobody fits.
    expect(questions.length).toBe(1);
    for (const { to, message } of questions) {
      expect(to).toBe('1010');
      expect(message).toMatchObject({ cells: expect.arrayContaining([{ row: 1, column: 15 }]) });
    }
  });

  test('R83: asks the neighborhood set too whether it is there, the longest silent first', () => {
    const leaves = ['0f00', '1100'];
    const near = ['8000', '9000', '9100', '9200'];
    const gone = '9100';
    const lone = LoneNode.founder('1000', [...leaves, ...near], {
      leafSetSize: 2,
      timing: { rowExchangeMs: 60_000 },
    });
    expect(lone.node.inspect().neighborhoodSet).toContain(gone);
    lone.run(30 * 60_000, [...leaves, ...near.filter((nodeId) => nodeId !== gone)]);
    const { routingTable, neighborhoodSet } = lone.node.inspect();
    expect(routingTable.map(({ nodeId }) => nodeId)).not.toContain(gone);
    expect(neighborhoodSet).not.toContain(gone);
    expect(neighborhoodSet).toEqual(expect.arrayContaining(['9000', '9200']));
  });
});
