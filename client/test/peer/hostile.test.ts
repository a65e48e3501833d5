// Members of the ring that lie, over real links and with real keys: one that invents nodes and speaks for them through
// relays, one that answers what it was never asked or not asked for, and a client that would be a member.

import { beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import { closestId, idAfter, type NodeId } from '../../src/core/pastry/id.ts';
import type { Direct, Reply, Routed } from '../../src/core/pastry/messages.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import type { Proof } from '../../src/core/proof.ts';
import type { Sealed } from '../../src/core/sealed.ts';
import { CertificateBook } from '../../src/gate/certificate-book.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { Seals } from '../../src/gate/seals.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';
import { Authority } from '../trust/authority.ts';
import { DIGITS, id } from './ids.ts';
import { fileOf, TestRing } from './ring.ts';
import { someBytes } from './transfer-node.ts';

const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 4 * 1024 * 1024 });
const ROGUE = '66';
/** Three of them share the rogue's first digit, so that questions for them go by the rogue. */
const HONEST = ['0a', '1b', '2c', '60', '62', '64', '7e', '9f', 'b0', 'd1', 'e4'];
const SECOND_MS = 1_000;

let authority: Authority;
/** The rogue can make certificates too; the ring's key has not signed them. */
let roguesOwn: Authority;
beforeAll(async () => {
  authority = await Authority.create();
  roguesOwn = await Authority.create();
});

async function openRing(leafSetSize: number): Promise<TestRing> {
  const ring = new TestRing({ leafSetSize, segmentBytes: 100_000 });
  ring.authority = authority;
  await ring.open(...HONEST, ROGUE);
  await ring.time.pass(20 * SECOND_MS);
  return ring;
}

/** Sends what it likes from the rogue's end of a link. */
function send(ring: TestRing, to: NodeId, message: Message): void {
  ring.network.find(id(ROGUE))?.send(to, codec.encodeMessage(message));
}

function counted(ring: TestRing, name: string): number {
  return HONEST.reduce((sum, honest) => sum + (ring.node(honest).peer.counters[name] ?? 0), 0);
}

/** Ids in any table of an honest node's that nobody has. */
function strangers(ring: TestRing): readonly NodeId[] {
  const members = new Set([...HONEST, ROGUE].map(id));
  return HONEST.flatMap((name) => {
    const { leafSet, routingTable, neighborhoodSet } = ring.node(name).peer.inspect();
    const entries = routingTable.map(({ nodeId }) => nodeId);
    return [...leafSet.cw, ...leafSet.ccw, ...neighborhoodSet, ...entries].filter((nodeId) => !members.has(nodeId));
  });
}

/** Links of honest nodes to honest nodes. */
function honestLinks(ring: TestRing): number {
  const honest = new Set(HONEST.map(id));
  return HONEST.flatMap((name) => ring.node(name).peer.inspect().links).filter(({ nodeId }) => honest.has(nodeId))
    .length;
}

describe('nodes that a member invents next to each node’s place', () => {
  /** Everything that an invented node could say to be believed, and to have others drop their copies. */
  function lies(nodeId: NodeId, digests: readonly string[]): readonly Direct[] {
    const self = { nodeId, epoch: 1, device: 'invented', coordinate: UNKNOWN_COORDINATE };
    const news = { type: 'leaf-set', self, members: [], failed: [], nonce: 0 } as const;
    return [
      { type: 'ping', nonce: 1, self },
      { type: 'pong', nonce: 1, self },
      { ...news, asks: true },
      { ...news, asks: false },
      { type: 'holding', digests, receipts: [] },
      ...digests.map((digest) => ({ type: 'copies', digest, holders: [nodeId], receipts: [], wanted: 3 }) as const),
    ];
  }

  /** Sealed so that the victim could open it, if it took the rogue's certificates. */
  async function forge(
    ring: TestRing,
    victim: Scheme,
    invented: NodeId,
    digests: readonly string[],
  ): Promise<Sealed[]> {
    const book = new CertificateBook();
    book.add(victim.certificate);
    const scheme = await roguesOwn.credentials(invented, { device: 'invented' });
    const seals = new Seals({ ...scheme, ...schemeOf(scheme), ringKey: authority.ringKey }, codec, book);
    const sealed = await Promise.all(
      lies(invented, digests).map((message) => seals.seal(message, victim.certificate.nodeId)),
    );
    expect(ring.nodes.size).toBe(HONEST.length + 1);
    return sealed.filter((one) => one !== undefined);
  }

  for (const count of [1, 5, 20]) {
    it(`R59, R60: ${count} of them: none enters a table, nobody drops a copy, and it is counted`, async () => {
      const ring = await openRing(16);
      const stored = await ring.time.result(ring.node('62').peer.store(fileOf('a', someBytes(150_000, 1))), 30_000);
      await ring.time.pass(10 * SECOND_MS);
      const copies = (): number => HONEST.reduce((sum, name) => sum + ring.node(name).peer.inspect().held.objects, 0);
      const [before, links] = [copies(), honestLinks(ring)];
      const digests = [
        ...new Set(
          HONEST.flatMap((name) =>
            ring
              .node(name)
              .peer.listFiles()
              .held.map(({ digest }) => digest),
          ),
        ),
      ];
      const own = ring.network.find(id(ROGUE))?.credentials;
      for (const name of HONEST) {
        const victim = ring.network.find(id(name))?.credentials;
        if (victim === undefined || own === undefined) throw new Error('no such node');
        for (let index = 1; index <= count; index += 1) {
          const invented = idAfter(id(name), BigInt(index));
          const forged = await forge(ring, victim, invented, digests);
          const named = forged.map((sealed) => ({ ...sealed, certificate: own.encoded }));
          for (const sealed of [...forged, ...named]) {
            send(ring, id(name), { type: 'relay', direction: 'from', peer: invented, sealed });
            await ring.time.pass(1);
          }
        }
      }
      await ring.time.pass(60 * SECOND_MS);
      expect(strangers(ring)).toEqual([]);
      expect(copies()).toBeGreaterThanOrEqual(before);
      expect(counted(ring, 'misbehaved: relay: a certificate that is foreign')).toBeGreaterThan(0);
      expect(counted(ring, 'misbehaved: relay: in the name of another node')).toBeGreaterThan(0);
      expect(honestLinks(ring)).toBeGreaterThanOrEqual(links);
      ring.kill(ROGUE);
      await ring.time.pass(30 * SECOND_MS);
      for (const reader of ['0a', '9f', 'e4']) {
        const file = await ring.time.result(ring.node(reader).peer.retrieve(stored.link), 30_000);
        const { size } = await ring.time.result(file.blob(), 30_000);
        expect(size).toBe(150_000);
      }
    });
  }
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
    const ring = await openRing(2);
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
    const ring = await openRing(2);
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

/** Its parts, bound: they are methods of a class. */
function schemeOf(scheme: Scheme): Scheme {
  return {
    ringKey: scheme.ringKey,
    certificate: scheme.certificate,
    encoded: scheme.encoded,
    keys: scheme.keys,
    sign: (kind, parts) => scheme.sign(kind, parts),
    verify: (certificate, signature, kind, parts) => scheme.verify(certificate, signature, kind, parts),
    check: (text) => scheme.check(text),
  };
}
