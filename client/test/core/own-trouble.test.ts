// A node that suspects most of its leaf set: it stood still, or has no time for all that comes.

import { describe, expect, test } from 'vitest';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const LEAVES = ['0e00', '0f00', '1100', '1200'];
/** Next after the leaves of one side. */
const NEXT = '1300';
const ENTRY = '9000';

function founder(): LoneNode {
  const lone = LoneNode.founder('1000', [...LEAVES, ENTRY]);
  lone.log.length = 0;
  return lone;
}

function standStill(lone: LoneNode): void {
  lone.now += 60_000;
  lone.input({ type: 'wake' });
}

function lose(lone: LoneNode, peers: readonly string[]): void {
  for (const peer of peers) lone.input({ type: 'link-down', peer: id(peer), reason: 'lost' });
}

/** A leaf names the next one, unasked. */
function name(lone: LoneNode, from: string, member: string): void {
  const self = handle(id(from));
  lone.tell(from, { type: 'leaf-set', self, members: [handle(id(member))], failed: [], asks: false, nonce: 0 });
}

function asked(lone: LoneNode): readonly string[] {
  return [...new Set(lone.log.map(({ to }) => to))].sort();
}

describe('a node that suspects its leaf set', () => {
  test('R58: after it stood still asks its leaves alone, and nobody for their places', () => {
    const lone = founder();
    standStill(lone);
    lose(lone, [...LEAVES, ENTRY]);
    name(lone, '0f00', NEXT);
    lone.run(1_000);
    expect(asked(lone)).toEqual(LEAVES);
  });

  test('R58: after it stood still asks nobody even when most leaves have answered', () => {
    const lone = founder();
    standStill(lone);
    lose(lone, LEAVES);
    lone.run(500, ['0e00', '0f00', '1100']);
    name(lone, '0f00', NEXT);
    lone.run(500, ['0e00', '0f00', '1100']);
    expect(asked(lone)).toEqual(LEAVES);
  });

  test('R58: asks others for the places of those that it finds dead', () => {
    const lone = founder();
    standStill(lone);
    lose(lone, LEAVES);
    name(lone, '0f00', NEXT);
    lone.run(30_000, ['0e00', '0f00', '1100', NEXT]);
    expect(lone.leaves).toEqual(['0e00', '0f00', '1100', NEXT]);
    expect(lone.node.inspect().status).toBe('active');
  });

  test('R58: asks nobody for their places if they are more than half of it', () => {
    const lone = founder();
    lose(lone, ['0e00', '1100', '1200']);
    name(lone, '0f00', NEXT);
    lone.run(1_000);
    expect(asked(lone)).not.toContain(NEXT);
  });

  test('R58: asks for the places of fewer at once', () => {
    const lone = founder();
    lose(lone, ['1100', '1200']);
    name(lone, '0f00', NEXT);
    lone.run(1_000);
    expect(asked(lone)).toContain(NEXT);
  });
});
