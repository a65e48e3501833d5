// Gives a link layer hostile signals, by the ring and by the Discovery node: spoiled ones of all kinds, and well signed ones
// whose words are spoiled, so that what stands behind the signature is reached too.

import { randomBytes } from 'node:crypto';
import { encodeEnvelope } from '../../src/links/envelope.ts';
import type { WebRtcLinks } from '../../src/links/webrtc-links.ts';
import { fakeSdp } from '../links/fake-webrtc.ts';
import { nodeId, settled, TestRing } from '../links/pair.ts';
import { HostileWords } from './hostile-words.ts';

/** Well signed ones: each costs a signature, and another when it is checked. */
const SIGNED = 600;
/** Texts between two looks at what came of them: signatures are checked meanwhile. */
const SHARE = 500;

export class SignalFuzz {
  readonly outcomes = new Map<string, number>();
  readonly #words: HostileWords;
  readonly #links: WebRtcLinks;
  readonly #texts: readonly string[];
  #said = 0;

  private constructor(words: HostileWords, links: WebRtcLinks, texts: readonly string[]) {
    this.#words = words;
    this.#links = links;
    this.#texts = texts;
  }

  static async create(seed: number): Promise<SignalFuzz> {
    const words = new HostileWords(seed);
    const ring = await TestRing.create(true);
    const [victim, rogue] = [await ring.node('5'), await ring.node('6')];
    const own = rogue.credentials;
    const texts: string[] = [];
    for (let number = 0; number < SIGNED; number += 1) {
      const attempt = randomBytes(8).toString('hex');
      const body = words.text([JSON.stringify(words.value(bodies(attempt)))]);
      const signature = await own.sign('signal', [victim.id, body]);
      texts.push(encodeEnvelope({ to: victim.id, certificate: own.encoded, signature, body }));
    }
    return new SignalFuzz(words, victim.links, texts);
  }

  /** One text more. Resolves when those before it have been looked at, now and then. */
  async step(): Promise<void> {
    const from = this.#words.pick([nodeId('6'), nodeId('6'), nodeId('7')]);
    const isAsItIs = this.#words.below(20) === 0;
    this.#links.signalled(from, isAsItIs ? this.#words.pick(this.#texts) : this.#words.text(this.#texts));
    this.#said += 1;
    if (this.#said % SHARE === 0) await settled();
  }

  async end(): Promise<void> {
    await settled();
    this.#links.closeAll();
    for (const [name, count] of Object.entries(this.#links.counters)) if (count > 0) this.outcomes.set(name, count);
  }
}

function bodies(attempt: string): readonly unknown[] {
  const candidate = { candidate: 'candidate:1 1 UDP 1 127.0.0.1 9 typ host', sdpMLineIndex: 0, sdpMid: '0' };
  return [
    { type: 'call', attempt },
    { type: 'offer', attempt, sdp: fakeSdp(1), candidates: [candidate], joining: true },
    { type: 'answer', attempt, sdp: fakeSdp(2), candidates: [candidate, candidate] },
    { type: 'abandon', attempt, reason: 'busy' },
    { type: 'doubt', attempt, why: 'forged', way: 'ring' },
  ];
}
