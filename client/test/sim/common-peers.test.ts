// Which pairs of nodes no common peer can help (sim/common-peers.ts).

import { expect, test } from 'vitest';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { pairApart } from '../../src/sim/common-peers.ts';
import { idOf } from '../peer/ids.ts';

const IDS = ['a', 'b', 'c', 'd'].map((prefix) => idOf(prefix, 4));

/** Nodes are named by their first digits: "ab" is a pair without a path. */
function apart(...pairs: readonly string[]): string | undefined {
  const canLink = (x: NodeId, y: NodeId): boolean =>
    !pairs.includes(`${x[0]}${y[0]}`) && !pairs.includes(`${y[0]}${x[0]}`);
  return pairApart(IDS, canLink)
    ?.map((id) => id[0])
    .join('');
}

test('a pair without a path is apart only if nobody has a link to both', () => {
  expect(apart()).toBeUndefined();
  expect(apart('ab', 'ac')).toBeUndefined();
  expect(apart('ab', 'ac', 'bd')).toBe('ab');
  expect(apart('cd', 'ac', 'bd')).toBe('cd');
});
