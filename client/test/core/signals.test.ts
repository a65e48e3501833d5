// Signalling data through the ring, as one node sees it: where it goes, what is taken, and which way answers take.

import { describe, expect, test } from 'vitest';
import { id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0e00', '0f00', '1100', '1200'];
const offer = { kind: 'signal', data: 'offer' } as const;

function heard(lone: LoneNode): unknown[] {
  const signals = lone.outputs.filter(({ type }) => type === 'signal');
  lone.outputs.length = 0;
  return signals;
}

describe('a signal of its own', () => {
  test('R49: goes to the linked node closest to the target, and opens no link', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'signal', to: id('1150'), data: 'offer' });
    expect(lone.takeSent()).toEqual([
      {
        to: '1100',
        message: expect.objectContaining({ type: 'routed', key: '1150', route: ['1000'], payload: offer }),
      },
    ]);
    expect(lone.node.inspect().leafSet.cw).not.toContain('1150');
  });

  test('R49: a table entry without a link is no way', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.meet('9100');
    lone.input({ type: 'link-down', peer: id('9100'), reason: 'budget' });
    lone.takeSent();
    lone.input({ type: 'signal', to: id('9100'), data: 'offer' });
    expect(lone.takeReceivers('routed')).toEqual(['0e00']);
  });

  test('R49: one that is lost on its first hop goes another way', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'signal', to: id('1150'), data: 'offer' });
    lone.takeSent();
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'lost' });
    expect(lone.takeReceivers('routed')).toEqual(['1200']);
  });

  test('R49: a joiner’s goes by its sponsor', () => {
    const lone = new LoneNode('1000');
    lone.input({ type: 'start', sponsor: id('7000'), held: [], leased: [] });
    lone.input({ type: 'link-up', peer: id('2000') }); // another newcomer, which knows nobody either
    lone.takeSent();
    lone.input({ type: 'signal', to: id('1100'), data: 'offer' });
    expect(lone.takeReceivers('routed')).toEqual(['7000']);
  });

  test('R50: it is told at once where no link leads anywhere', () => {
    const lone = LoneNode.founder('1000', []);
    lone.input({ type: 'signal', to: id('1100'), data: 'offer' });
    expect(heard(lone)).toEqual([{ type: 'signal', from: '1100', data: '' }]);
  });

  test('R50: what comes back is the target’s answer', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'signal', to: id('1150'), data: 'offer' });
    const [sent] = lone.takeSent('routed');
    if (sent === undefined) throw new Error('nothing was sent');
    const payload = { kind: 'signal', data: 'answer' } as const;
    lone.answer('1100', sent.message.id, payload);
    expect(heard(lone)).toEqual([{ type: 'signal', from: '1150', data: 'answer' }]);
    lone.answer('1100', 'another', payload);
    expect(heard(lone)).toEqual([]);
    expect(lone.node.counters.get('signals-unasked')).toBe(1);
  });
});

describe('a signal of another’s', () => {
  test('R49: goes straight to its target where that is linked, even if it is in no table', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'link-up', peer: id('1010') }); // a newcomer, which has not introduced itself
    lone.tell('0e00', lone.routed('1010', ['0e00'], offer));
    expect(lone.takeReceivers('routed')).toEqual(['1010']);
  });

  test('R49: comes closer with each hop, and never back to where it was', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1200', lone.routed('1150', ['1200', '1100'], offer));
    expect(lone.takeReceivers('routed')).toEqual([]);
    lone.tell('0e00', lone.routed('1150', ['0e00'], offer));
    expect(lone.takeReceivers('routed')).toEqual(['1100']);
  });

  test('R49: may step back round a missing link to a target that is known', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'budget' });
    lone.takeSent();
    lone.tell('0e00', lone.routed('1100', ['0e00'], offer));
    expect(lone.takeReceivers('routed')).toEqual(['1200']);
  });

  test('R50: who can bring it no further says so, the way it came', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('0e00', lone.routed('1001', ['9000', '0e00'], offer));
    expect(lone.takeSent('reply')).toEqual([
      {
        to: '0e00',
        message: expect.objectContaining({ back: ['0e00', '9000'], payload: { kind: 'signal', data: '' } }),
      },
    ]);
  });
});

describe('a signal for this node', () => {
  test('R50: is taken, and answers go back the way it came, until that is old', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('0e00', lone.routed('1000', ['9000', '0e00'], offer));
    expect(heard(lone)).toEqual([{ type: 'signal', from: '9000', data: 'offer' }]);
    lone.takeSent();
    lone.input({ type: 'signal', to: id('9000'), data: 'answer' });
    expect(lone.takeSent()).toEqual([
      {
        to: '0e00',
        message: expect.objectContaining({
          type: 'reply',
          back: ['0e00', '9000'],
          payload: { kind: 'signal', data: 'answer' },
        }),
      },
    ]);
    lone.run(6_000, OTHERS);
    lone.takeSent();
    lone.input({ type: 'signal', to: id('9000'), data: 'candidates' });
    expect(lone.takeReceivers('routed')).toHaveLength(1);
  });

  test('R50: is taken by a node that is still joining, too', () => {
    const lone = new LoneNode('1000');
    lone.input({ type: 'start', sponsor: id('7000'), held: [], leased: [] });
    lone.tell('7000', lone.routed('1000', ['9000', '7000'], offer));
    expect(heard(lone)).toEqual([{ type: 'signal', from: '9000', data: 'offer' }]);
  });

  test('R49: an answer opens no link either, and goes round where the way back is closed', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('0e00', lone.routed('1000', ['9000', '0e00'], offer));
    lone.input({ type: 'link-down', peer: id('0e00'), reason: 'budget' });
    lone.takeSent();
    lone.input({ type: 'signal', to: id('9000'), data: 'answer' });
    expect(lone.takeSent()).toEqual([
      {
        to: '1200',
        message: expect.objectContaining({ type: 'routed', key: '9000', payload: { kind: 'signal', data: 'answer' } }),
      },
    ]);
  });
});
