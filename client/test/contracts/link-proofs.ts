// What every LinkLayer that signs its signals must do about whoever claims to be another, changes what others say, or comes
// back with what is over. Like the scenarios of link-layer.ts they run between fakes, Node peers and pages of browsers.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { encodeEnvelope } from '../../src/links/envelope.ts';
import { encodeSignal, type Signal } from '../../src/links/signal.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import type { Authority, CertifiedOptions } from '../trust/authority.ts';
import { exchange, expectEqual, expectTrue, type LinkPair, opened } from './link-layer.ts';
import type { HeldSignal } from './link-probe.ts';
import { withOtherFingerprint } from './swapping-signalling.ts';

export interface ProofPair extends LinkPair {
  /** Of the ring that both ends are in. */
  readonly authority: Authority;
  /** Of another ring. */
  readonly foreignAuthority: Authority;
}

export interface ProofScenario {
  readonly title: string;
  /** It depends on the platform, on its cryptography or its WebRTC: worth pages of every browser. */
  readonly isOfPlatform: boolean;
  run(pair: ProofPair): Promise<void>;
}

/** Later than any that a real node is in. */
const LATER_LIFE = 10 ** 14;
const FINGERPRINT = Array<string>(32).fill('01').join(':');

export const PROOF_SCENARIOS: readonly ProofScenario[] = [
  {
    title: 'compares what the other end shows with what it signed',
    isOfPlatform: true,
    run: async (pair) => {
      await opened(pair);
      for (const end of [pair.a, pair.b]) expectEqual(await end.counter('fingerprintsCompared'), 1, 'compared');
    },
  },
  ...refusals([
    {
      title: 'an offer of another than the ring says',
      counter: 'signalsInAnothersName',
      make: async (pair) => sign(await stranger(pair), pair.idB, anOffer()),
    },
    {
      title: 'an offer with a copied certificate',
      counter: 'signalsForged',
      make: async (pair) => forge(await named(pair), await stranger(pair), pair.idB, anOffer()),
    },
    {
      title: 'an offer that was signed for another node',
      counter: 'signalsForged',
      make: async (pair) => {
        const text = await sign(await named(pair), pair.idOfNobody, anOffer());
        return text.replace(pair.idOfNobody, pair.idB);
      },
    },
    {
      title: 'an offer for another node',
      counter: 'signalsMisdirected',
      make: async (pair) => sign(await named(pair), pair.idOfNobody, anOffer()),
    },
    {
      title: 'an unsigned offer',
      counter: 'signalsMalformed',
      make: async () => encodeSignal(anOffer()),
    },
    {
      title: 'an offer with an expired certificate',
      counter: 'signalsExpired',
      make: async (pair) => sign(await named(pair, { expires: pair.authority.now }), pair.idB, anOffer()),
    },
    {
      title: 'an offer of another ring',
      counter: 'signalsForeign',
      make: async ({ foreignAuthority, idA, idB }) => sign(await foreignAuthority.credentials(idA), idB, anOffer()),
    },
    {
      title: 'an offer that names two certificates for its channel',
      counter: 'fingerprintsRefused',
      make: async (pair) =>
        sign(await named(pair), pair.idB, {
          ...anOffer(),
          sdp: `a=fingerprint:sha-256 ${FINGERPRINT}\r\na=fingerprint:sha-256 ${FINGERPRINT.replace('01', '02')}\r\n`,
        }),
    },
    {
      title: 'an offer of an earlier life',
      counter: 'signalsOutdated',
      make: async (pair) => {
        await opened(pair);
        return sign(await named(pair, { epoch: 0 }), pair.idB, anOffer());
      },
    },
  ]),
  {
    title: 'reads nobody else’s answer, and opens with the true one',
    isOfPlatform: false,
    run: async (pair) => {
      const { a, b, idA, idB } = pair;
      const [offer] = await heldOffer(pair);
      const answer = { ...anOffer(), type: 'answer', attempt: attemptOf(offer) } as const;
      const mallory = await stranger(pair);
      await a.signalled(idB, await sign(mallory, idA, answer));
      await a.counted('signalsInAnothersName');
      await a.signalled(idB, await forge(await pair.authority.credentials(idB), mallory, idA, answer));
      await a.counted('signalsForged');
      await b.signalled(idA, offer.text);
      await Promise.all([a.logged(`up ${idB}`), b.logged(`up ${idA}`)]);
      await exchange(pair);
    },
  },
  {
    title: 'takes no offer up twice, however late it comes',
    isOfPlatform: false,
    run: async (pair) => {
      const { a, b, idA, idB } = pair;
      const [offer] = await heldOffer(pair);
      await b.signalled(idA, offer.text);
      await Promise.all([a.logged(`up ${idB}`), b.logged(`up ${idA}`)]);
      await a.close(idB, 'budget');
      await b.logged(`down ${idA} budget`);
      const before = await b.counter('connectionsCreated');
      await b.signalled(idA, offer.text);
      await b.counted('signalsStale');
      expectEqual(await b.counter('connectionsCreated'), before, 'connections of b');
      expectEqual(await b.links(), [], 'links of b');
    },
  },
  {
    title: 'calls a node that it knows by hearsay only, which then offers',
    isOfPlatform: true,
    run: async (pair) => {
      await opened(pair);
      await exchange(pair);
      expectEqual(await pair.a.counter('callsMade'), 1, 'calls of a');
      expectEqual(await pair.b.counter('callsTaken'), 1, 'calls that b took up');
    },
  },
  {
    title: 'offers at once to a node that it knows to exist',
    isOfPlatform: true,
    run: async (pair) => {
      await pair.a.introduce((await pair.authority.credentials(pair.idB, { epoch: 0 })).certificate);
      await opened(pair);
      await exchange(pair);
      expectEqual(await pair.a.counter('callsMade'), 0, 'calls of a');
    },
  },
  {
    title: 'makes no connection for an invented node',
    isOfPlatform: false,
    run: async ({ a, idOfNobody }) => {
      await a.connect(idOfNobody);
      await a.logged(`failed ${idOfNobody} signalling`);
      expectEqual(await a.counter('callsMade'), 1, 'calls of a');
      expectEqual(await a.counter('connectionsCreated'), 0, 'connections of a');
    },
  },
  ...[true, false].flatMap((isKnown) =>
    [true, false].map((isOwn) => ({
      title:
        `opens nothing where the Discovery node changes what ${isOwn ? 'this' : 'the other'} end says, and says why: ` +
        (isKnown ? 'offered' : 'called'),
      isOfPlatform: true,
      run: async (pair: ProofPair) => {
        const { a, b, idB } = pair;
        if (isKnown) await a.introduce((await pair.authority.credentials(idB, { epoch: 0 })).certificate);
        await (isOwn ? a : b).swapFingerprints();
        await a.connect(idB);
        await a.logged(`failed ${idB} proof`);
        const [failure] = await a.failures();
        expectTrue(failure?.message.includes('somebody between') === true, `${failure?.message} says why`);
        expectEqual(await a.log(), [`failed ${idB} proof`], 'log of a');
        expectEqual(await b.log(), [], 'log of b');
      },
    })),
  ),
  {
    title: 'goes round a ring that changes what it carries',
    isOfPlatform: true,
    run: async (pair) => {
      const { a, b, idA, idB } = pair;
      const [offer] = await heldOffer(pair);
      await b.signalled(idA, withOtherFingerprint(offer.text));
      await Promise.all([a.logged(`up ${idB}`), b.logged(`up ${idA}`)]);
      await exchange(pair);
      expectEqual(await b.counter('signalsForged'), 1, 'forged signals at b');
      expectEqual(await a.counter('ringFallbacks'), 1, 'ways round');
    },
  },
];

interface Refusal {
  readonly title: string;
  readonly counter: string;
  /** What the ring brings to b, as of a. */
  readonly make: (pair: ProofPair) => Promise<string>;
}

/** Each is counted, costs no connection, and disturbs no link. */
function refusals(all: readonly Refusal[]): readonly ProofScenario[] {
  return all.map(({ title, counter, make }) => ({
    title: `refuses ${title}`,
    isOfPlatform: counter === 'signalsForeign',
    run: async (pair) => {
      const { b, idA } = pair;
      const text = await make(pair);
      const before = await state(pair);
      await b.signalled(idA, text);
      await b.counted(counter);
      expectEqual(await state(pair), before, 'b, connections, links and log');
    },
  }));
}

async function state({ b }: ProofPair): Promise<readonly unknown[]> {
  return [await b.counter('connectionsCreated'), await b.links(), await b.log()];
}

/** What a, which knows that b exists, gives to the ring. */
async function heldOffer({ a, authority, idB }: ProofPair): Promise<readonly [HeldSignal]> {
  await a.introduce((await authority.credentials(idB, { epoch: 0 })).certificate);
  await a.holdSignals();
  await a.connect(idB);
  const [offer] = await a.takeHeld();
  if (offer === undefined) throw new Error('nothing was held');
  return [offer];
}

function attemptOf({ text }: HeldSignal): string {
  const [, attempt] = /"attempt":"([0-9a-f]{16})"/.exec(text) ?? [];
  if (attempt === undefined) throw new Error('a signal without an attempt');
  return attempt;
}

/** Somebody else. */
function stranger({ authority, idOfNobody }: ProofPair): Promise<Credentials> {
  return authority.credentials(idOfNobody);
}

/** Credentials of a's id, with keys of their own. */
function named({ authority, idA }: ProofPair, options: CertifiedOptions = {}): Promise<Credentials> {
  return authority.credentials(idA, { epoch: LATER_LIFE, ...options });
}

function anOffer(): Extract<Signal, { type: 'offer' }> {
  const sdp = `v=0\r\na=fingerprint:sha-256 ${FINGERPRINT}\r\n`;
  return { type: 'offer', attempt: 'f'.repeat(16), sdp, candidates: [] };
}

function sign(by: Credentials, to: NodeId, signal: Signal): Promise<string> {
  return forge(by, by, to, signal);
}

/** With the certificate of one, and signed by another. */
async function forge(as: Credentials, by: Credentials, to: NodeId, signal: Signal): Promise<string> {
  const body = encodeSignal(signal);
  return encodeEnvelope({ to, certificate: as.encoded, signature: await by.sign('signal', [to, body]), body });
}
