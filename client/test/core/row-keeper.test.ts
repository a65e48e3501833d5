import { describe, expect, test } from 'vitest';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const IMPROVEMENT_MS = 240_000;

/** Knows 8000 and 9000, and how far neither is: the higher id is preferred. */
function knowsTwo(improvementMs = IMPROVEMENT_MS): LoneNode {
  const lone = LoneNode.founder('1000', [], { leafSetSize: 2, timing: { improvementMs } });
  for (const other of ['8000', '9000']) lone.meet(other);
  lone.takeSent();
  return lone;
}

/** 8000 names others unasked; returns whom the node asks thereupon. */
function asksAfterHearingOf(lone: LoneNode, ...named: readonly string[]): readonly string[] {
  const entries = named.map((nodeId) => handle(id(nodeId)));
  lone.tell('8000', { type: 'row', self: handle(id('8000')), row: 0, entries, asks: false, nonce: 0 });
  return lone.takeReceivers('row');
}

describe('R56: hearsay of nodes nearer than an entry', () => {
  test('leads to one question, and to the next only after a while', () => {
    const lone = knowsTwo();
    expect(asksAfterHearingOf(lone, '8100')).toEqual(['8100']);
    expect(asksAfterHearingOf(lone, '9100')).toEqual([]);
    lone.run(IMPROVEMENT_MS);
    lone.takeSent();
    expect(asksAfterHearingOf(lone, '9100')).toEqual(['9100']);
  });

  test('does not hold up the question to a node for an empty cell', () => {
    const lone = knowsTwo();
    expect(asksAfterHearingOf(lone, '8100')).toEqual(['8100']);
    expect(asksAfterHearingOf(lone, '9100', 'a000')).toEqual(['a000']);
    expect(asksAfterHearingOf(lone, 'b000')).toEqual(['b000']);
  });

  test('leads to a question each time where the while is nothing, as in experiments without cost of links', () => {
    const lone = knowsTwo(0);
    expect(asksAfterHearingOf(lone, '8100')).toEqual(['8100']);
    expect(asksAfterHearingOf(lone, '9100')).toEqual(['9100']);
  });
});
