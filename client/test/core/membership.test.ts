import { describe, expect, test } from 'vitest';
import type { LeafSetMessage } from '../../src/core/pastry/messages.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0f00', '1100', '8000'];

function gossip(from: string, members: readonly (readonly [string, number])[]): LeafSetMessage {
  return {
    type: 'leaf-set',
    self: handle(id(from)),
    members: members.map(([nodeId, epoch]) => handle(id(nodeId), epoch)),
    failed: [],
    asks: false,
    nonce: 0,
  };
}

function kill(lone: LoneNode, nodeId: string, alive: readonly string[]): void {
  lone.input({ type: 'link-down', peer: id(nodeId), reason: 'lost' });
  lone.run(30_000, alive);
  lone.takeSent();
}

/** Who is asked anything when `act` happens, until some seconds later. */
function asked(lone: LoneNode, act: () => void): Set<string> {
  lone.log.length = 0;
  act();
  lone.run(3_000, OTHERS);
  return new Set(lone.log.map(({ to }) => to));
}

describe('who enters the tables', () => {
  test('R13: a node told of by others is asked, and enters only when it has answered', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', gossip('1100', [['1050', 1]]));
    const question = lone.takeSent('leaf-set').find(({ to }) => to === '1050');
    expect(lone.leaves).not.toContain('1050');
    lone.run(2_000, OTHERS);
    expect(lone.leaves).not.toContain('1050');
    lone.tell('1050', { ...gossip('1050', []), nonce: question?.message.nonce ?? -1 });
    expect(lone.leaves).toContain('1050');
  });

  test('R13: a node told of that never answers never enters', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', gossip('1100', [['1050', 1]]));
    lone.run(60_000, OTHERS);
    expect(lone.leaves).toEqual(['0f00', '1100', '8000']);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('1050');
    expect(lone.node.inspect().neighborhoodSet).not.toContain('1050');
  });

  test('R13: an id known dead is not even asked, until it speaks itself', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    kill(lone, '1100', ['0f00', '8000']);
    expect(lone.leaves).not.toContain('1100');
    expect(asked(lone, () => lone.tell('0f00', gossip('0f00', [['1100', 1]])))).not.toContain('1100');
    lone.meet('1100', 1);
    expect(lone.leaves).toContain('1100');
  });

  test('R26: told of in a later incarnation, an id known dead is asked again', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    kill(lone, '1100', ['0f00', '8000']);
    expect(asked(lone, () => lone.tell('0f00', gossip('0f00', [['1100', 2]])))).toContain('1100');
  });

  test.each([
    ['that only the Discovery node called gone', 'no-such-peer'],
    ['that did not answer the wish for a link', 'no-answer'],
  ] as const)('R54: an id %s is asked again soon after', (_, reason) => {
    const lone = LoneNode.founder('1000', OTHERS);
    const gone = (): void => lone.input({ type: 'link-failed', peer: id('1100'), reason });
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'lost' });
    gone();
    lone.takeSent();
    expect(lone.leaves).not.toContain('1100');
    const told = (): void => lone.tell('0f00', gossip('0f00', [['1100', 1]]));
    expect(asked(lone, told)).not.toContain('1100');
    lone.run(lone.timing.absenceMs, OTHERS);
    expect(asked(lone, told)).toContain('1100');
  });

  test('R10: the dead leave every table', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    kill(lone, '8000', ['0f00', '1100']);
    const { leafSet, routingTable, neighborhoodSet } = lone.node.inspect();
    expect([...leafSet.cw, ...leafSet.ccw]).not.toContain('8000');
    expect(routingTable.map(({ nodeId }) => nodeId)).not.toContain('8000');
    expect(neighborhoodSet).not.toContain('8000');
  });

  test('R10: one that answered lately takes a dead leaf’s place at once, is asked and told, and leaves if it died too', () => {
    const alive = ['0e00', '0f00', '1100', '1200'];
    const lone = LoneNode.founder('1000', [...alive, '1300']);
    expect(lone.leaves).toEqual(alive);
    lone.tell('1300', gossip('1300', []));
    lone.log.length = 0;
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'lost' });
    const silent = ['0e00', '0f00', '1200'];
    lone.run(10_000, silent);
    expect(lone.leaves).toEqual([...silent, '1300'].sort());
    const failed = [{ nodeId: id('1100'), epoch: 1 }];
    expect(lone.log).toContainEqual({ to: '1300', message: expect.objectContaining({ asks: true, failed }) });
    lone.run(10_000, silent);
    expect(lone.leaves).toEqual(silent);
  });

  test('R10: of those in no table nothing is kept once their link is gone', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    const before = lone.node.peerCount;
    const visitors = Array.from({ length: 100 }, (_, index) => (0x9000 + index).toString(16));
    for (const visitor of visitors) lone.meet(visitor);
    lone.run(60_000, [...OTHERS, ...visitors]);
    visitors.forEach((visitor, index) => {
      lone.input({ type: 'link-down', peer: id(visitor), reason: index % 2 === 0 ? 'budget' : 'goodbye' });
    });
    // One may have filled the cell of its first digit, some are near.
    expect(lone.node.peerCount - before).toBeLessThanOrEqual(lone.node.inspect().neighborhoodSet.length + 1);
  });

  test('R10: never self, whoever tells of it', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    const self = gossip('1100', [
      ['1000', 1],
      ['1000', 7],
    ]);
    expect(asked(lone, () => lone.tell('1100', self))).not.toContain('1000');
    expect(lone.leaves).not.toContain('1000');
  });

  test('R26: a later incarnation takes the place of an earlier one, whose words are ignored from then on', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.meet('1100', 3);
    expect(lone.leaves).toEqual(['0f00', '1100', '8000']);
    lone.takeSent();
    lone.tell('1100', { type: 'ping', nonce: 9, self: handle(id('1100'), 2) });
    expect(lone.takeSent('pong')).toEqual([]);
    lone.tell('1100', { type: 'ping', nonce: 9, self: handle(id('1100'), 3) });
    expect(lone.takeReceivers('pong')).toEqual(['1100']);
  });

  test('R48: words about itself that name another id than the link does are ignored', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1100', { type: 'ping', nonce: 9, self: handle(id('1050')) });
    lone.tell('1100', { ...gossip('1050', []), asks: true });
    expect(lone.takeSent()).toEqual([]);
    expect(lone.leaves).not.toContain('1050');
  });

  test('R28: who says goodbye is gone at once, and those it names are asked', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    const members = [handle(id('1200')), handle(id('1000'))];
    const answers = asked(lone, () => {
      lone.tell('1100', { type: 'leave', members });
      expect(lone.traced('departed')).toEqual(['1100']);
      expect(lone.leaves).not.toContain('1100');
    });
    expect(answers).toContain('1200');
  });
});
