import { describe, expect, test } from 'vitest';
import { UNASKED } from '../../src/core/pastry/messages.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0f00', '1100', '8000'];

describe('an empty cell', () => {
  test('R51: is looked for by a random key, if all who are asked name only a node that cannot be linked', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2, unreachable: ['9000'] });
    const name = (): void =>
      lone.tell('8000', {
        ...{ type: 'row', self: handle(id('8000')), row: 0, entries: [handle(id('9000'))] },
        ...{ asks: false, nonce: UNASKED },
      });
    lone.log.length = 0;
    for (let times = 0; times < 4; times += 1) {
      name();
      lone.run(15_000, OTHERS);
    }
    const lookups = lone.log.flatMap(({ message }) => (message.type === 'routed' ? [message] : []));
    expect(lookups.length).toBeGreaterThan(0);
    for (const { key, payload } of lookups) {
      expect(payload.kind).toBe('lookup');
      expect(key).toMatch(/^9/);
    }
    const [last] = lookups.slice(-1);
    if (last === undefined) throw new Error('nothing was looked up');
    const route = [lone.nodeId, id('8000'), id('9abc')];
    const payload = { kind: 'found', route } as const;
    lone.answer('8000', last.id, payload);
    lone.run(1_000, [...OTHERS, '9abc']);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).toContain('9abc');
  });

  test('R51: is asked for of somebody if the only node named for it does not answer', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lone.tell('8000', {
      ...{ type: 'row', self: handle(id('8000')), row: 0, entries: [handle(id('9000'))] },
      ...{ asks: false, nonce: UNASKED },
    });
    expect(lone.log.map(({ to }) => to)).toContain('9000');
    lone.log.length = 0;
    lone.run(60_000, OTHERS);
    const asked = lone.log.flatMap(({ message }) => (message.type === 'cells' ? message.cells : []));
    expect(asked).toEqual([{ row: 0, column: 9 }]);
  });
});
