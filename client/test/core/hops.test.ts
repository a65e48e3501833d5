import { describe, expect, test } from 'vitest';
import { id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

/** Leaves 0f00, 1100 (one on each side), and nodes of the first row. */
const OTHERS = ['0f00', '1100', '8000', '9000'];
const KEY = id('8800');

function lookUp(lone: LoneNode, key = KEY): void {
  lone.input({ type: 'lookup', request: 1, key });
}

describe('one hop', () => {
  test('R19: a next hop that does not acknowledge is routed around, and its successor gets the same message', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    const [first] = lone.takeSent('routed');
    expect(first?.to).toBe('8000');
    lone.run(lone.timing.ackTimeoutMaxMs);
    const second = lone.takeSent('routed').find(({ to }) => to !== '8000');
    expect(second?.to).toBe('9000');
    expect(second?.message.id).toBe(first?.message.id);
    expect(second?.message.token).not.toBe(first?.message.token);
  });

  test('R47: an entry that does not acknowledge is not asked once more: an answer that comes late keeps it in the table', () => {
    for (const isLate of [true, false]) {
      const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
      lookUp(lone);
      const [first] = lone.takeSent('routed');
      lone.log.length = 0;
      lone.run(lone.timing.ackTimeoutInitialMs + 1, ['9000']);
      expect(lone.traced('suspected')).toEqual(['8000']);
      if (isLate) lone.acknowledge('8000', first?.message.token ?? -1);
      lone.run(lone.timing.entryProbeTimeoutsMs[0] ?? 0, ['9000']);
      expect(lone.log.filter(({ message }) => message.type === 'ping')).toEqual([]);
      expect(lone.traced('failed')).toEqual(isLate ? [] : ['8000']);
    }
  });

  test('R47: a leaf that does not acknowledge is asked', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone, id('1101'));
    lone.log.length = 0;
    lone.run(lone.timing.ackTimeoutInitialMs + 1);
    expect(lone.log.filter(({ to }) => to === '1100').map(({ message }) => message.type)).toContain('ping');
  });

  test('R19: an acknowledged message is not sent again', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    const token = lone.takeSent('routed')[0]?.message.token ?? -1;
    lone.acknowledge('8000', token);
    lone.run(lone.timing.requestRetryMs - 1);
    expect(lone.takeReceivers('routed')).toEqual([]);
    expect(lone.traced('suspected')).toEqual([]);
  });

  test('R19: the acknowledgement of a node that was not asked counts for nothing', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    lone.acknowledge('9000', lone.takeSent('routed')[0]?.message.token ?? -1);
    lone.run(lone.timing.ackTimeoutMaxMs);
    expect(lone.traced('suspected')).toContain('8000');
  });

  test('R19: a link that breaks moves what is under way at once, without waiting for a timeout', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    lone.takeSent();
    lone.input({ type: 'link-down', peer: id('8000'), reason: 'lost' });
    expect(lone.takeReceivers('routed')).toEqual(['9000']);
  });

  test('R82: a message goes another way at once where there was no room or time for its link, and nobody is suspected', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lone.input({ type: 'link-down', peer: id('8000'), reason: 'budget' });
    lone.busy.add('8000');
    lookUp(lone);
    expect(lone.takeReceivers('routed')).toEqual(['8000', '9000']);
    expect(lone.traced('suspected')).toEqual([]);
  });

  test('R19: an entry to which no link opens is routed around from then on, and leaves the table', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2, unreachable: ['8000'] });
    lone.input({ type: 'link-down', peer: id('8000'), reason: 'budget' });
    lookUp(lone);
    expect(lone.takeReceivers('routed')).toEqual(['8000', '9000']);
    lookUp(lone);
    expect(lone.takeReceivers('routed')).toEqual(['9000']);
    lone.run(10_000, OTHERS);
    expect(lone.node.inspect().routingTable.map(({ nodeId }) => nodeId)).not.toContain('8000');
  });

  test('R44: the last hop is repeated to the root and to nobody else, until the root acknowledges', () => {
    const lone = LoneNode.founder('1000', ['5000', 'a000'], { leafSetSize: 4 });
    lookUp(lone, id('5001'));
    const [first] = lone.takeSent('routed');
    expect(first?.to).toBe('5000');
    lone.run(lone.timing.ackTimeoutInitialMs + 1);
    const again = lone.takeSent('routed');
    expect(new Set(again.map(({ to }) => to))).toEqual(new Set(['5000']));
    expect(lone.outputs).toEqual([]);
  });

  test('R44: once the root is found dead, the message goes to the root of the nodes that are left', () => {
    const lone = LoneNode.founder('1000', ['5000', 'a000'], { leafSetSize: 4 });
    lookUp(lone, id('7fff'));
    expect(lone.takeReceivers('routed')).toEqual(['a000']);
    lone.run(lone.timing.requestRetryMs * 3, ['5000']);
    expect(lone.traced('failed')).toEqual(['a000']);
    expect(lone.leaves).toEqual(['5000']);
  });

  test('R44: once whoever was nearer is found dead, this node is the root, and no hop counts as given up', () => {
    const lone = LoneNode.founder('1000', ['a000'], { leafSetSize: 4 });
    lookUp(lone, id('9fff'));
    expect(lone.takeReceivers('routed')).toEqual(['a000']);
    lone.input({ type: 'link-down', peer: id('a000'), reason: 'goodbye' });
    expect(lone.outputs).toEqual([
      { type: 'looked-up', request: 1, key: id('9fff'), root: lone.nodeId, route: [lone.nodeId] },
    ]);
    expect(lone.node.counters.get('hops-given-up')).toBeUndefined();
  });

  test('R46: without an answer the origin sends its message again, end to end, and gives up when its time is over', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lone.log.length = 0;
    lookUp(lone);
    const { requestRetryMs, lookupTimeoutMs } = lone.timing;
    // Every hop is acknowledged, and then the message is lost.
    lone.run(lookupTimeoutMs, OTHERS);
    const ids = new Set<string>();
    for (const { message } of lone.log) if (message.type === 'routed') ids.add(message.id);
    expect(ids.size).toBe(lookupTimeoutMs / requestRetryMs);
    expect(lone.outputs).toEqual([{ type: 'lookup-failed', request: 1, key: KEY, reason: 'timed-out' }]);
  });

  test('R46: an answer ends the repetition, and comes once', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    const name = lone.takeSent('routed')[0]?.message.id ?? '';
    lone.run(lone.timing.requestRetryMs, OTHERS);
    const route = ['1000', '8000', '8801'].map(id);
    for (let times = 0; times < 2; times += 1) lone.answer('8000', name, { kind: 'found', route });
    lone.run(lone.timing.lookupTimeoutMs, OTHERS);
    expect(lone.outputs).toEqual([{ type: 'looked-up', request: 1, key: KEY, root: id('8801'), route }]);
  });

  test('R46: an answer to any of its sendings counts, under no other id than theirs', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    const name = lone.takeSent('routed')[0]?.message.id ?? '';
    expect(name).toMatch(/^[0-9a-f]{32}$/);
    lone.run(lone.timing.requestRetryMs, OTHERS);
    const payload = { kind: 'found', route: ['1000', '8000', '8801'].map(id) } as const;
    lone.answer('8000', `${name.slice(0, -1)}${name.endsWith('f') ? '0' : 'f'}`, payload);
    expect(lone.outputs).toEqual([]);
    lone.answer('8000', name, payload);
    expect(lone.outputs).toHaveLength(1);
  });

  test('R46: so many lookups at once are under way, and the next is told at once that it is one too many', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    for (let request = 0; request < 4_096; request += 1) lone.input({ type: 'lookup', request, key: KEY });
    expect(lone.outputs).toEqual([]);
    lone.input({ type: 'lookup', request: 4_096, key: KEY });
    expect(lone.outputs).toEqual([{ type: 'lookup-failed', request: 4_096, key: KEY, reason: 'too-many' }]);
  });

  test('R46: who leaves is told that its lookups ended so', () => {
    const lone = LoneNode.founder('1000', OTHERS, { leafSetSize: 2 });
    lookUp(lone);
    lone.input({ type: 'leave', urgent: true });
    expect(lone.outputs).toContainEqual({ type: 'lookup-failed', request: 1, key: KEY, reason: 'left' });
  });
});
