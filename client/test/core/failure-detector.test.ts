import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200', '8000'];

function suspectOf(lone: LoneNode, nodeId: string): void {
  lone.input({ type: 'link-down', peer: id(nodeId), reason: 'lost' });
}

/** The sum of a full probe's waits, and of the time a link takes to be given up. */
function verdictMs(lone: LoneNode): number {
  return lone.timing.probeTimeoutsMs.reduce((sum, ms) => sum + ms, 0) + lone.timing.linkVerdictMs;
}

describe('a suspect', () => {
  test('R47: is routed around, but stays in the leaf set until its own probe stays unanswered', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    expect(lone.traced('suspected')).toEqual(['1100']);
    expect(lone.leaves).toContain('1100');
    const others = OTHERS.filter((other) => other !== '1100');
    lone.run(lone.timing.probeTimeoutsMs[0] ?? 0, others);
    expect(lone.leaves).toContain('1100');
    lone.run(verdictMs(lone), others);
    expect(lone.traced('failed')).toEqual(['1100']);
    expect(lone.leaves).not.toContain('1100');
  });

  test('R47: that answers is a suspect no longer', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    lone.run(verdictMs(lone), OTHERS);
    expect(lone.traced('failed')).toEqual([]);
    expect(lone.leaves).toContain('1100');
    lone.takeSent();
    lone.input({ type: 'lookup', request: 1, key: id('1100') });
    expect(lone.takeReceivers('routed')).toEqual(['1100']);
  });

  test('R47: that is heard from in any other way is not dead', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    lone.run(500, []);
    lone.acknowledge('1100', 12_345);
    lone.run(
      verdictMs(lone),
      OTHERS.filter((other) => other !== '1100'),
    );
    expect(lone.traced('failed')).toEqual([]);
  });

  test('R47: an answer to a question that was not asked says nothing', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    const asked = lone.log.length;
    lone.tell('1200', { type: 'pong', nonce: 10_000, self: handle(id('1100')) });
    expect(lone.log.length).toBe(asked);
    lone.run(
      verdictMs(lone),
      OTHERS.filter((other) => other !== '1100'),
    );
    expect(lone.traced('failed')).toEqual(['1100']);
  });
});

describe('a link for which there was no room or no time', () => {
  test('R82: says nothing about a leaf, which is asked until it answers', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.busy.add('1100');
    suspectOf(lone, '1100');
    const others = OTHERS.filter((other) => other !== '1100');
    const asked = lone.connects.length;
    lone.run(10 * verdictMs(lone), others);
    expect(lone.traced('failed')).toEqual([]);
    expect(lone.leaves).toContain('1100');
    expect(lone.connects.length).toBeGreaterThan(asked + 10);
    lone.busy.clear();
    lone.run(verdictMs(lone), OTHERS);
    lone.takeSent();
    lone.input({ type: 'lookup', request: 1, key: id('1100') });
    expect(lone.takeReceivers('routed')).toEqual(['1100']);
  });

  test('R82: ends a question to another node, without a verdict', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lone.busy.add('8000');
    suspectOf(lone, '8000');
    expect(lone.connects.filter((peer) => peer === '8000')).toHaveLength(1);
    lone.run(10 * verdictMs(lone), OTHERS);
    expect(lone.connects.filter((peer) => peer === '8000')).toHaveLength(1);
    expect(lone.traced('failed')).toEqual([]);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).toContain('8000');
  });

  test('R82: a dead leaf is found dead all the same, once there is time for its link', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    const others = OTHERS.filter((other) => other !== '1100');
    lone.busy.add('1100');
    suspectOf(lone, '1100');
    lone.run(verdictMs(lone), others);
    lone.busy.clear();
    lone.run(verdictMs(lone), others);
    expect(lone.traced('failed')).toEqual(['1100']);
  });
});

describe('the news of a death', () => {
  const told = (lone: LoneNode, from: string, dead: string): void =>
    lone.tell(from, {
      type: 'leaf-set',
      self: handle(id(from)),
      members: [],
      failed: [{ nodeId: id(dead), epoch: 1 }],
      asks: false,
      nonce: 0,
    });

  /** Those to whom a message names the death. */
  const toldOf = (lone: LoneNode, dead: string): string[] => {
    const isNews = (message: Message): boolean =>
      message.type === 'leaf-set' && message.failed.some(({ nodeId }) => nodeId === dead);
    return lone.log.flatMap(({ to, message }) => (isNews(message) ? [to] : [])).sort();
  };

  test.each([
    { how: 'itself', ring: 'large', leafSetSize: 6, before: ['0d00', '0e00'] },
    { how: 'from others', ring: 'large', leafSetSize: 6, before: ['0d00', '0e00'] },
    { how: 'itself', ring: 'small', leafSetSize: 16, before: ['0d00', '0e00', '1100', '1200', '1300', '8000'] },
  ])(
    'R42: is told by the node after the dead one to those before it, in a $ring ring, if it learned it $how',
    (plan) => {
      const others = ['0d00', ...OTHERS, '1300'];
      const lone = LoneNode.founder('1000', others, { leafSetSize: plan.leafSetSize });
      if (plan.how === 'itself') suspectOf(lone, '0f00');
      else told(lone, '0e00', '0f00');
      const alive = others.filter((other) => other !== '0f00');
      const isOver = (): boolean => lone.traced('failed').includes(id('0f00'));
      lone.log.length = 0;
      while (!isOver()) lone.run(100, alive);
      expect(toldOf(lone, '0f00')).toEqual(plan.before);
    },
  );

  test('R42: is carried on by the question to the one that comes next for the dead one', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1200', {
      type: 'leaf-set',
      self: handle(id('1200')),
      members: [{ nodeId: id('1300'), epoch: 1 }],
      failed: [{ nodeId: id('1100'), epoch: 1 }],
      asks: false,
      nonce: 0,
    });
    expect(lone.traced('failed')).toEqual([]);
    expect(toldOf(lone, '1100')).toEqual(['1300']);
  });

  test('R42: is told to the next alive by the node before the dead one that found out itself', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    const alive = OTHERS.filter((other) => other !== '1100');
    lone.log.length = 0;
    while (!lone.traced('failed').includes(id('1100'))) lone.run(100, alive);
    expect(toldOf(lone, '1100')).toEqual(['1200']);
  });

  test('R42: is not spread by a node that was not next to the dead one', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.takeSent();
    suspectOf(lone, '1200');
    lone.log.length = 0;
    lone.run(verdictMs(lone), ['0e00', '0f00', '1100', '8000']);
    expect(lone.traced('failed')).toEqual(['1200']);
    const unasked = lone.log.filter(({ message }) => message.type === 'leaf-set' && !message.asks);
    expect(unasked).toEqual([]);
  });

  test('R42: is believed only after an own probe, and not told again', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    told(lone, '1200', '1100');
    expect(lone.traced('suspected')).toEqual(['1100']);
    expect(lone.leaves).toContain('1100');
    lone.log.length = 0;
    lone.run(verdictMs(lone), ['0e00', '0f00', '1200', '8000']);
    expect(lone.traced('failed')).toEqual(['1100']);
    const unasked = lone.log.filter(({ message }) => message.type === 'leaf-set' && !message.asks);
    expect(unasked).toEqual([]);
  });

  test('R42: is refuted by the answer of the one that was believed dead', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    told(lone, '1200', '1100');
    lone.run(verdictMs(lone), OTHERS);
    expect(lone.traced('failed')).toEqual([]);
    expect(lone.leaves).toContain('1100');
  });

  test('R55: is told to the one that was believed dead, when it answers, with the name of who believes so', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    told(lone, '1200', '1100');
    lone.log.length = 0;
    lone.run(1_000, OTHERS);
    const news = lone.log.filter(({ to, message }) => to === '1100' && message.type === 'leaf-set');
    expect(news.map(({ message }) => message)).toEqual([
      expect.objectContaining({
        asks: false,
        members: [expect.objectContaining({ nodeId: '1200' })],
        failed: [{ nodeId: '1100', epoch: 1 }],
      }),
    ]);
  });

  /** A message that names the node's own death, and who believes in it. */
  const accused = (lone: LoneNode, from: string, by: string, epoch = 1): void =>
    lone.tell(from, {
      type: 'leaf-set',
      self: handle(id(from)),
      members: [{ nodeId: id(by), epoch: 1 }],
      failed: [{ nodeId: id('1000'), epoch }],
      asks: false,
      nonce: 0,
    });

  test('R55: about itself a node refutes by showing itself to who believes it, once for all who tell of it', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.log.length = 0;
    accused(lone, '1200', '0f00', 0);
    expect(lone.log).toEqual([]);
    accused(lone, '1200', '0f00');
    accused(lone, '1100', '0f00');
    expect(lone.log.map(({ to, message }) => [to, message.type])).toEqual([['0f00', 'leaf-set']]);
  });

  test('R55: about itself a node refutes even if it found dead who believes it', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    suspectOf(lone, '1100');
    lone.run(
      verdictMs(lone),
      OTHERS.filter((other) => other !== '1100'),
    );
    expect(lone.traced('failed')).toEqual(['1100']);
    lone.takeSent();
    accused(lone, '1200', '1100');
    lone.run(2_000, OTHERS);
    expect(lone.leaves).toContain('1100');
  });

  test('R42: of a former incarnation is no news', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.meet('1100', 2);
    lone.traces.length = 0;
    told(lone, '1200', '1100');
    expect(lone.traced('suspected')).toEqual([]);
  });
});
