// Members of the ring that lie, over links under virtual time and with real keys: one that answers what it was never asked or
// not asked for, and a client that would be a member. Those that would have others drop their copies: dropped-copies.test.ts.

import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import { closestId, type NodeId } from '../../src/core/pastry/id.ts';
import type { Reply, Routed } from '../../src/core/pastry/messages.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import type { Proof } from '../../src/core/proof.ts';
import { Authority } from '../trust/authority.ts';
import { codec, counted, HONEST, openRing, ROGUE, SECOND_MS, send } from './hostile-members.ts';
import { id } from './ids.ts';
import { TestRing } from './ring.ts';

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.create();
});

describe('answers of one who was not asked', () => {
  const KEYS = Array.from({ length: 44 }, (_, index) =>
    id((index % 2 === 0 ? 0x60 + (index % 5) : index * 5).toString(16).padStart(2, '0')),
  );

  function forgedReply(messageId: string, route: readonly NodeId[], proof: Proof | undefined): Reply {
    const back = [route[0] ?? id('0')];
    return { type: 'reply', id: messageId, token: 1, back, payload: { kind: 'found', route }, proof };
  }

  async function expectRight(ring: TestRing): Promise<void> {
    const members = [...HONEST, ROGUE].map(id);
    for (const [index, key] of KEYS.entries()) {
      const { peer } = ring.node(HONEST[index % HONEST.length] ?? '');
      const { root } = await ring.time.result(peer.lookup(key), 60_000);
      expect(root).toBe(closestId(key, members));
    }
  }

  it('R61: who guesses at the ids of questions answers none', async () => {
    const ring = await openRing(authority, 2);
    let guess = 0;
    const own = ring.network.find(id(ROGUE))?.credentials;
    if (own === undefined) throw new Error('no rogue');
    const signature = await own.sign('answer', ['anything']);
    const proof = { by: id(ROGUE), device: own.certificate.device, certificate: own.encoded, signature };
    // As they were made before: a number of each node's own, and any number besides.
    const flood = (): void => {
      for (const name of HONEST) {
        guess += 1;
        const text = guess.toString(16);
        const guesses = [text.padStart(32, '0'), `${name}${text.padStart(30, '0')}`, text.padEnd(32, '0')];
        for (const one of guesses) send(ring, id(name), forgedReply(one, [id(name), id(ROGUE)], proof));
      }
      if (guess < 2_000) ring.time.schedule(5, flood);
    };
    flood();
    await expectRight(ring);
    expect(counted(ring, 'answers refused: this node asked nothing under its id')).toBeGreaterThan(100);
  });

  it('R61: who sees a question pass answers it for nobody but itself', async () => {
    const ring = await openRing(authority, 2);
    const links = ring.network.find(id(ROGUE));
    if (links === undefined) throw new Error('no rogue');
    let lastTrue: Proof | undefined;
    let forged = 0;
    links.tap = (from, bytes) => {
      const frame = codec.decode(bytes);
      const message = frame.kind === 'message' ? frame.message : undefined;
      if (message?.type === 'reply' && message.proof !== undefined) lastTrue = message.proof;
      if (message?.type === 'routed' && message.payload.kind === 'lookup') void forge(from, message);
    };
    const forge = async (from: NodeId, { id: messageId, route }: Routed): Promise<void> => {
      // In the name of others: signed by itself, unsigned, with a proof of another answer; its own, on a route that ends elsewhere.
      const whole = [...route, id(ROGUE), id('9f')];
      const { credentials } = links;
      const signature = await credentials.sign('answer', [messageId, 'forged']);
      const { encoded: certificate } = credentials;
      const proof = { by: id(ROGUE), device: credentials.certificate.device, certificate, signature };
      for (const each of [proof, undefined, lastTrue]) {
        forged += 1;
        const back = [...route].reverse();
        links.send(from, codec.encodeMessage({ ...forgedReply(messageId, whole, each), back }));
      }
    };
    await expectRight(ring);
    expect(forged).toBeGreaterThan(20);
    const causes = HONEST.flatMap((name) => Object.keys(ring.node(name).peer.counters));
    expect(causes).toContain('answers refused: a signature that is wrong');
    expect(causes).toContain('answers-of-others');
    expect(causes).toContain('answers refused: not signed, and not at its end');
  });
});

describe('a client', () => {
  it('R62: gets into no table, whatever it says of itself, and is shut out when it goes on', async () => {
    const ring = new TestRing({ leafSetSize: 2 });
    await ring.open(...HONEST);
    const credentials = await ring.credentials('c3', 'client');
    const links = ring.network.join(credentials);
    let open = 0;
    links.listen({
      ...{ up: () => undefined, down: () => undefined, failed: () => undefined, answerFailed: () => undefined },
      ...{ certified: () => undefined, frame: () => undefined, garbage: () => undefined, drained: () => undefined },
      ...{ carry: () => false, mayAnswer: () => true, isJoining: () => false, openingMs: () => 15_000 },
      up: () => {
        open += 1;
      },
    });
    for (const name of HONEST) links.connect(id(name));
    await ring.time.until(() => open === HONEST.length, 1_000);
    const { nodeId, epoch, device } = credentials.certificate;
    const self = { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
    const join: Message = {
      ...{ type: 'routed', id: 'ab'.repeat(16), key: nodeId, token: 1, route: [nodeId] },
      payload: { kind: 'join', joiner: self, rows: [] },
    };
    const claims: readonly Message[] = [
      { type: 'ping', nonce: 1, self },
      { type: 'leaf-set', self, members: [], failed: [], asks: true, nonce: 1 },
      { type: 'holding', digests: ['ab'.repeat(32)], receipts: [] },
      join,
      { ...join, payload: { kind: 'lookup' }, route: [id('0a'), nodeId] },
    ];
    for (const name of HONEST) for (const claim of claims) links.send(id(name), codec.encodeMessage(claim));
    await ring.time.pass(30 * SECOND_MS);
    const knowing = HONEST.filter((name) => JSON.stringify(ring.node(name).peer.inspect().leafSet).includes(nodeId));
    const entered = HONEST.filter((name) =>
      JSON.stringify(ring.node(name).peer.inspect().routingTable).includes(nodeId),
    );
    expect([knowing, entered]).toEqual([[], []]);
    const { counters } = ring.node('0a').peer;
    expect(counters).toMatchObject({
      'misbehaved: a client that speaks as a member: ping': 1,
      'misbehaved: a client that speaks as a member: leaf-set': 1,
      'misbehaved: a client that speaks as a member: holding': 1,
      'misbehaved: a client that would join': 1,
      'misbehaved: a client that carries messages of others': 1,
    });
    for (let times = 0; times < 5; times += 1) {
      for (const claim of claims) links.send(id('0a'), codec.encodeMessage(claim));
    }
    await ring.time.pass(SECOND_MS);
    expect(ring.node('0a').peer.counters['links closed as misbehaved']).toBe(1);
  });
});
