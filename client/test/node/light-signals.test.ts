// How a light client signals: by its sponsor, or not at all.

import { expect, test } from 'vitest';
import type { Output } from '../../src/core/io.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { LightNode } from '../../src/node/light-node.ts';
import { handle, id, messageIds } from '../peer/ids.ts';

function client(): LightNode {
  const node = new LightNode({
    self: handle('a'),
    params: DEFAULT_RING_PARAMS,
    seed: 1,
    newId: messageIds(),
    ringTime: () => 0,
  });
  node.handle({ type: 'start', sponsor: id('b'), held: [], leased: [] }, 0);
  return node;
}

const signal = { type: 'signal', to: id('c'), data: 'offer' } as const;

test('a signal goes by the sponsor, and its answer comes back as the target’s', () => {
  const node = client();
  node.handle({ type: 'link-up', peer: id('b') }, 0);
  const [sent] = node.handle(signal, 0);
  expect(sent).toMatchObject({
    type: 'send',
    to: id('b'),
    message: { type: 'routed', key: id('c'), route: [id('a')] },
  });
  const messageId = sent?.type === 'send' && sent.message.type === 'routed' ? sent.message.id : '';
  const answer = (to: string): readonly Output[] => {
    const payload = { kind: 'signal', data: 'answer' } as const;
    const message = { type: 'reply', id: to, token: 1, back: [id('a')], payload, proof: undefined } as const;
    return node.handle({ type: 'message', from: id('b'), message }, 0);
  };
  expect(answer(messageId)).toContainEqual({ type: 'signal', from: id('c'), data: 'answer' });
  expect(answer('9'.repeat(32))).toEqual([expect.objectContaining({ type: 'send' })]);
});

test('without a link to the sponsor it is told at once that nobody takes it', () => {
  expect(client().handle(signal, 0)).toEqual([{ type: 'signal', from: id('c'), data: '' }]);
});
