import { describe, expect, test } from 'vitest';
import type { NodeHandle } from '../../src/core/pastry/node-handle.ts';
import { handle, id } from './arbitraries.ts';
import { LoneNode } from './lone-node.ts';

const OTHERS = ['0f00', '1100', '8000'];

/** A newcomer that has asked `sponsor` to let it in. */
function newcomer(sponsor: string, leafSetSize = 4): { lone: LoneNode; request: string } {
  const lone = new LoneNode('1000', { leafSetSize });
  lone.input({ type: 'start', sponsor: id(sponsor), held: [], leased: [] });
  const [request] = lone.takeSent('routed');
  lone.acknowledge(sponsor, request?.message.token ?? -1);
  return { lone, request: request?.message.id ?? '' };
}

function welcome(lone: LoneNode, request: string, leaves: readonly string[], rows: readonly NodeHandle[][] = []): void {
  const leafSet = leaves.map((nodeId) => handle(id(nodeId)));
  const route = ['1000', '8000', ...leaves].map(id);
  lone.answer('8000', request, { kind: 'welcome', rows, leafSet, route });
}

function confirm(lone: LoneNode, from: string, members: readonly string[] = []): void {
  const question = lone.log.findLast(({ to, message }) => to === from && message.type === 'leaf-set');
  const nonce = question?.message.type === 'leaf-set' ? question.message.nonce : -1;
  const told = members.map((nodeId) => handle(id(nodeId)));
  lone.tell(from, { type: 'leaf-set', self: handle(id(from)), members: told, failed: [], asks: false, nonce });
}

const status = (lone: LoneNode): string => lone.node.inspect().status;

describe('a newcomer', () => {
  test('R21: delivers nothing before every node of its leaf set has confirmed it', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['0f00', '1100']);
    expect(status(lone)).toBe('joining');
    confirm(lone, '0f00');
    expect(status(lone)).toBe('joining');
    confirm(lone, '1100');
    expect(status(lone)).toBe('active');
  });

  test('R21: does not wait for a node that is found dead', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['0f00', '1100']);
    confirm(lone, '0f00');
    lone.run(60_000, ['0f00']);
    expect(status(lone)).toBe('active');
    expect(lone.leaves).toEqual(['0f00']);
  });

  test('R25: that none of the nodes named to it answers founds no ring of its own, but joins anew', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['0f00']);
    lone.run(60_000);
    expect(status(lone)).toBe('joining');
    expect(lone.outputs).toContainEqual({ type: 'ask-sponsor' });
    lone.input({ type: 'sponsor', sponsor: id('9000') });
    expect(lone.takeReceivers('routed')).toContain('9000');
    // Nobody is there but itself.
    lone.input({ type: 'sponsor', sponsor: undefined });
    expect(status(lone)).toBe('active');
  });

  test('R23: asks those too that came while it joined, of whom an answer tells', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['0f00', '1100']);
    confirm(lone, '0f00', ['1080']);
    confirm(lone, '1100');
    expect(status(lone)).toBe('joining');
    confirm(lone, '1080');
    expect(status(lone)).toBe('active');
    expect(lone.leaves).toEqual(['0f00', '1080', '1100']);
  });

  test('R25: asks for another sponsor if its own cannot be reached', () => {
    const lone = new LoneNode('1000', { unreachable: ['8000'] });
    lone.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    lone.run(lone.timing.sponsorRetryMs);
    expect(lone.outputs).toContainEqual({ type: 'ask-sponsor' });
    lone.input({ type: 'sponsor', sponsor: id('9000') });
    expect(lone.takeReceivers('routed')).toContain('9000');
  });

  test('R25: asks for another sponsor if its own says nothing', () => {
    const lone = new LoneNode('1000');
    lone.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    lone.run(lone.timing.joinTimeoutMs);
    expect(lone.outputs).toContainEqual({ type: 'ask-sponsor' });
  });

  test('R25: does not join through itself', () => {
    const { lone } = newcomer('8000');
    lone.takeSent();
    lone.input({ type: 'sponsor', sponsor: id('1000') });
    expect(lone.takeSent()).toEqual([]);
    expect(status(lone)).toBe('joining');
  });

  test('R25: hands the request of one that was sent to it on to its own sponsor', () => {
    const { lone } = newcomer('8000');
    const payload = { kind: 'join', joiner: handle(id('2000')), rows: [] } as const;
    lone.tell('2000', lone.routed('2000', ['2000'], payload));
    const [passed] = lone.takeSent('routed');
    expect(passed).toMatchObject({ to: '8000', message: { key: '2000', route: ['2000', '1000'] } });
    expect(lone.leaves).toEqual([]);
  });

  test('R25: founds the ring if there is nobody', () => {
    const lone = new LoneNode('1000');
    lone.input({ type: 'start', sponsor: id('8000'), held: [], leased: [] });
    lone.input({ type: 'sponsor', sponsor: undefined });
    expect(status(lone)).toBe('active');
  });

  test('R13: does not take those of its welcome into its tables before they answer', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['0f00', '1100'], [[handle(id('9000'))]]);
    const { leafSet, routingTable } = lone.node.inspect();
    expect([...leafSet.cw, ...leafSet.ccw, ...routingTable]).toEqual([]);
  });

  test('R24: rows of several nodes of the route all come into use', () => {
    const { lone, request } = newcomer('8000');
    welcome(lone, request, ['1100'], [[handle(id('9000')), handle(id('a000'))], [handle(id('1200'))]]);
    lone.run(30_000, ['1100', '1200', '9000', 'a000']);
    const entries = lone.node.inspect().routingTable.map(({ nodeId }) => nodeId);
    expect(entries).toEqual(expect.arrayContaining(['1100', '1200', '9000', 'a000']));
  });

  test('R32: one that was frozen confirms its leaf set before it delivers again', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'lookup', request: 1, key: id('8000') });
    lone.now += 60_000;
    lone.tell('8000', lone.routed('1001', ['8000']));
    expect(lone.log.some(({ message }) => message.type === 'reply')).toBe(false);
    expect(status(lone)).toBe('joining');
    lone.run(5_000, OTHERS);
    expect(status(lone)).toBe('active');
    expect(lone.log.some(({ message }) => message.type === 'reply')).toBe(true);
  });
});

describe('a node that was frozen', () => {
  test('R21, R32: is not confirmed by words that nobody asked for: they need not tell all leaves', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.now += 60_000;
    lone.input({ type: 'wake' });
    expect(status(lone)).toBe('joining');
    for (const from of OTHERS) {
      const self = handle(id(from));
      lone.tell(from, { type: 'leaf-set', self, members: [], failed: [handle(id('1000'))], asks: false, nonce: 0 });
    }
    expect(status(lone)).toBe('joining');
    lone.run(5_000, OTHERS);
    expect(status(lone)).toBe('active');
  });

  test('R32: asks those again whom it found dead before: they may have been frozen too, and wait for its word', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.input({ type: 'link-down', peer: id('1100'), reason: 'lost' });
    lone.run(15_000, ['0f00', '8000']);
    expect(lone.traced('failed')).toEqual(['1100']);
    lone.takeSent();
    const gossip = (): void =>
      lone.tell('8000', {
        type: 'leaf-set',
        self: handle(id('8000')),
        members: [handle(id('1100'))],
        failed: [],
        asks: false,
        nonce: 0,
      });
    lone.log.length = 0;
    gossip();
    expect(lone.log.map(({ to }) => to)).not.toContain('1100');
    lone.now += 60_000;
    gossip();
    lone.run(5_000, OTHERS);
    expect(lone.leaves).toContain('1100');
  });
});

describe('a node on the way of a join', () => {
  const nodeIds = (row: readonly { readonly nodeId: string }[] | undefined): string[] =>
    (row ?? []).map(({ nodeId }) => nodeId).sort();

  test('R24: adds its row to those of the nodes before it, and overwrites none', () => {
    const lone = LoneNode.founder('1000', ['0f00', '1100', '2000', '9000'], { leafSetSize: 2 });
    const rows = [[handle(id('3000')), handle(id('9999'))]];
    lone.tell('8000', lone.routed('1234', ['1234', '8000'], { kind: 'join', joiner: handle(id('1234')), rows }));
    const [passed] = lone.takeSent('routed');
    const payload = passed?.message.payload;
    if (payload?.kind !== 'join') throw new Error('the join was not passed on');
    expect(nodeIds(payload.rows[0])).toEqual(['3000', '9999']);
    // Itself included: it shares one digit with the newcomer.
    expect(nodeIds(payload.rows[1])).toEqual(['1000', '1100']);
  });

  test('R24: keeps what is in a row that it has a share in itself', () => {
    const lone = LoneNode.founder('1000', ['0f00', '1100', '2000', '9000'], { leafSetSize: 2 });
    const rows = [[handle(id('3000')), handle(id('9999'))]];
    lone.tell('8000', lone.routed('4234', ['4234', '8000'], { kind: 'join', joiner: handle(id('4234')), rows }));
    const sent = lone.takeSent();
    for (const { message } of sent) {
      if (message.type !== 'routed' && message.type !== 'reply') continue;
      if (message.payload.kind !== 'join' && message.payload.kind !== 'welcome') continue;
      expect(nodeIds(message.payload.rows[0])).toEqual(['0f00', '1000', '2000', '3000', '9999']);
      return;
    }
    throw new Error('the join went nowhere');
  });

  test('R25: a node that is asked by its own successor as the first tells it of near nodes', () => {
    const lone = LoneNode.founder('1000', OTHERS);
    lone.tell('1234', lone.routed('1234', ['1234'], { kind: 'join', joiner: handle(id('1234')), rows: [] }));
    const [entries] = lone.takeSent('entries');
    expect(entries?.to).toBe('1234');
    expect(nodeIds(entries?.message.entries)).toEqual(expect.arrayContaining(['1000']));
  });
});
