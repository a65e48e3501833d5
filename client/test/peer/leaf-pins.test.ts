// Which nodes' links are pinned, since they are in the leaf set or belong into it.

import { describe, expect, it } from 'vitest';
import { leafPins } from '../../src/peer/leaf-pins.ts';
import { handle, id } from './ids.ts';

describe('pins of the leaf set', () => {
  const pins = (cw: readonly string[], ccw: readonly string[]) =>
    leafPins({ handle: handle('8'), leafSet: { cw: cw.map(id), ccw: ccw.map(id) } }, 4);

  it('are its members, and who lies between them', () => {
    const isPinned = pins(['9', 'a'], ['7', '6']);
    expect(['9', 'a', '7', '6', '85', '62', '9f'].map((key) => isPinned(id(key)))).toEqual(Array(7).fill(true));
    expect(['a1', '5f', '0', 'f'].map((key) => isPinned(id(key)))).toEqual(Array(4).fill(false));
  });

  it('are also those who likely belong into a half that is short, not all others', () => {
    const isPinned = pins(['9'], ['7', '6']);
    expect(['a', 'b', 'c', 'c1', '0', '5f'].map((key) => isPinned(id(key)))).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });

  it('are nobody while it is empty', () => {
    expect(pins([], [])(id('9'))).toBe(false);
  });
});
