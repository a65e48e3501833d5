import { describe, expect, test } from 'vitest';
import { id } from './arbitraries.ts';
import { LoneNode, proofBy } from './lone-node.ts';

const OTHERS = ['0f00', '1100', '8000', '9000'];

function founder(): LoneNode {
  return LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
}

describe('a routed message', () => {
  test('R20: the root answers with the path taken, and the answer goes back the same way', () => {
    const lone = founder();
    lone.input({ type: 'link-down', peer: id('8000'), reason: 'budget' });
    lone.takeSent();
    lone.tell('9000', lone.routed('1001', ['8000', '9000']));
    const [answer, ...more] = lone.takeSent('reply');
    expect(more).toEqual([]);
    expect(answer?.to).toBe('9000');
    expect(answer?.message).toMatchObject({
      back: ['9000', '8000'],
      payload: { kind: 'found', route: ['8000', '9000', '1000'] },
    });
  });

  test('R20: a node on the way adds itself to the path', () => {
    const lone = founder();
    lone.tell('8000', lone.routed('9100', ['8000']));
    const [sent] = lone.takeSent('routed');
    expect(sent).toMatchObject({ to: '9000', message: { route: ['8000', '1000'] } });
  });

  test('R20: an answer goes straight to who asked where a link is open, and back the way it came where that is silent', () => {
    const lone = founder();
    lone.tell('9000', lone.routed('1001', ['8000', '9000']));
    expect(lone.takeReceivers('reply')).toEqual(['8000']);
    lone.run(lone.timing.ackTimeoutMaxMs);
    expect(lone.takeReceivers('reply')).toEqual(['9000']);
  });

  test('R20: an answer passes on to the node before this one, and around a silent one', () => {
    const lone = founder();
    lone.input({ type: 'link-down', peer: id('8000'), reason: 'budget' });
    lone.takeSent();
    const back = ['1000', '9000', '8000'].map(id);
    const route = ['8000', '9000', '1000', '1100'].map(id);
    const proof = proofBy('1100');
    lone.tell('1100', { type: 'reply', id: 'of 8000', token: 5, back, payload: { kind: 'found', route }, proof });
    const sent = lone.takeSent();
    expect(sent).toContainEqual({ to: '1100', message: expect.objectContaining({ type: 'ack', token: 5 }) });
    const [passed] = sent.filter(({ message }) => message.type === 'reply');
    expect(passed).toMatchObject({ to: '9000', message: { back: ['9000', '8000'], proof } });
    lone.run(lone.timing.ackTimeoutMaxMs);
    expect(lone.takeReceivers('reply')).toEqual(['8000']);
  });

  test('R45: the same message over the same path is acknowledged again and answered once', () => {
    const lone = founder();
    const message = lone.routed('1001', ['8000']);
    lone.tell('8000', message);
    lone.tell('8000', { ...message, token: 99 });
    const sent = lone.takeSent();
    const acknowledged: number[] = [];
    for (const { message: each } of sent) if (each.type === 'ack') acknowledged.push(each.token);
    expect(acknowledged).toEqual([message.token, 99]);
    expect(sent.filter(({ message: { type } }) => type === 'reply').length).toBe(1);
  });

  test('R45: a message that comes round another way is handled anew: it was sent round somebody', () => {
    const lone = founder();
    const message = lone.routed('9100', ['8000']);
    lone.tell('8000', message);
    lone.tell('1100', { ...message, route: ['8000', '1100'].map(id) });
    expect(lone.takeSent('routed').length).toBe(2);
  });

  test('R14: a route over 64 nodes is refused and counted', () => {
    const lone = founder();
    const longest = [...Array.from({ length: 63 }, (_, index) => (0x2000 + index).toString(16)), '8000'];
    lone.tell('8000', lone.routed('1001', longest));
    expect(lone.takeSent('reply').length).toBe(1);
    // Neither answered nor handed on.
    lone.tell('8000', { ...lone.routed('1001', ['2fff', ...longest]), id: 'of 2fff' });
    expect(lone.takeSent('reply')).toEqual([]);
    lone.tell('8000', { ...lone.routed('9100', ['2fff', ...longest]), id: 'of another' });
    expect(lone.takeSent('routed')).toEqual([]);
    lone.tell('8000', { ...lone.routed('9100', longest), id: 'short enough' });
    expect(lone.takeSent('routed').length).toBe(1);
    expect(lone.node.counters.get('routes-refused')).toBe(2);
  });

  test('R20: a path that does not end with the sender is refused and counted', () => {
    const lone = founder();
    lone.tell('9000', lone.routed('1001', ['8000']));
    expect(lone.takeSent('reply')).toEqual([]);
    expect(lone.node.counters.get('routes-refused')).toBe(1);
  });

  test('R19: no message goes back to a node that it has passed, if any other will do', () => {
    const lone = founder();
    lone.tell('8000', lone.routed('8800', ['9000', '8000']));
    expect(lone.takeReceivers('routed')).not.toContain('9000');
  });

  test('R21: what arrives for a node that may not deliver yet waits until it may', () => {
    const lone = new LoneNode('1000', { leafSetSize: 2 });
    lone.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    lone.run(1, []);
    const [request] = lone.takeSent('routed');
    lone.acknowledge('8000', request?.message.token ?? -1);
    const leafSet = ['0f00', '1100'].map((nodeId) => ({ nodeId: id(nodeId), epoch: 1 }));
    const route = ['1000', '8000', '1100'].map(id);
    const payload = { kind: 'welcome', rows: [], leafSet, route } as const;
    lone.answer('8000', request?.message.id ?? '', payload);
    lone.meet('8000');
    lone.tell('8000', lone.routed('1001', ['8000']));
    expect(lone.takeSent('reply')).toEqual([]);
    lone.run(10_000, ['0f00', '1100', '8000']);
    expect(lone.node.inspect().status).toBe('active');
    expect(lone.log.filter(({ message: { type } }) => type === 'reply').length).toBe(1);
  });
});
