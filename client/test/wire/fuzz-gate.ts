// Gives the gate, and the node behind it, hostile messages of a member's: false and stolen proofs, seals of all kinds, words
// about itself that are true and such that are not. Neither may throw, and the node must still be able to say what it says.

import fc from 'fast-check';
import type { Output } from '../../src/core/io.ts';
import type { Message } from '../../src/core/messages.ts';
import { TabringNode } from '../../src/core/node.ts';
import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import type { Proof } from '../../src/core/proof.ts';
import type { Sealed } from '../../src/core/sealed.ts';
import { CertificateBook } from '../../src/gate/certificate-book.ts';
import { Gate } from '../../src/gate/gate.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { Seals } from '../../src/gate/seals.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import { anyMessage, DIGITS } from './arbitraries.ts';
import { codec, HostileFrames } from './hostile-frames.ts';
import { HostileWords } from './hostile-words.ts';

/** Messages to start from. */
const POOL = 400;
/** Milliseconds between two frames of a busy link. */
const STEP_MS = 3;

export class GateFuzz {
  readonly outcomes = new Map<string, number>();
  readonly #words: HostileWords;
  readonly #frames: HostileFrames;
  readonly #pool: readonly Message[];
  readonly #rogue: Scheme;
  readonly #other: Scheme;
  readonly #seals: Seals;
  readonly #node: TabringNode;
  readonly #gate: Gate;
  #now = 0;
  #ids = 0;

  constructor(seed: number) {
    this.#words = new HostileWords(seed);
    this.#frames = new HostileFrames(seed);
    this.#pool = fc.sample(anyMessage, { seed, numRuns: POOL });
    const authority = new CheapAuthority(new Rng(seed));
    const bearer = (prefix: string) => ({ role: 'node', nodeId: idOf(prefix), epoch: 7, device: prefix }) as const;
    const [victim, rogue, other] = ['5', '6', '9'].map((prefix) => authority.scheme(bearer(prefix)));
    if (victim === undefined || rogue === undefined || other === undefined) throw new Error('no schemes');
    this.#rogue = rogue;
    this.#other = other;
    const book = new CertificateBook();
    book.add(victim.certificate);
    this.#seals = new Seals(other, codec, book);
    this.#node = new TabringNode({
      self: handleOf(victim),
      params: { ...DEFAULT_RING_PARAMS, digits: DIGITS },
      seed,
      ringTime: () => 1_800_000_000_000,
      newId: () => {
        this.#ids += 1;
        return this.#ids.toString(16).padStart(32, '0');
      },
    });
    this.#gate = new Gate({
      scheme: victim,
      codec,
      now: () => this.#now,
      count: (cause) => this.#count(cause),
      misbehaved: (_, what) => this.#count(`misbehaved: ${what}`),
    });
    this.#gate.certified(rogue.certificate);
    this.#carryOut(this.#node.handle({ type: 'start', sponsor: undefined, held: [], leased: [] }, this.#now));
    this.#carryOut(this.#node.handle({ type: 'link-up', peer: rogue.certificate.nodeId }, this.#now));
  }

  /** One frame more over the rogue's link. */
  step(): void {
    this.#now += STEP_MS;
    const frame = codec.decode(this.#words.below(3) === 0 ? this.#frames.next() : codec.encodeMessage(this.#message()));
    if (frame.kind !== 'message') return this.#count(`decoder: ${frame.kind}`);
    const speaker = { peer: this.#rogue.certificate.nodeId, certificate: this.#rogue.certificate };
    this.#gate.receive(speaker, frame.message, (admitted) => {
      this.#count(`core: ${admitted.type}`);
      this.#carryOut(this.#node.handle(admitted, this.#now));
    });
    const { wakeAt } = this.#node;
    if (wakeAt !== undefined && wakeAt <= this.#now) this.#carryOut(this.#node.handle({ type: 'wake' }, this.#now));
  }

  /** As the rogue says it, with its own handle and route, so that it gets further than to the first check. */
  #message(): Message {
    const message = this.#words.pick(this.#pool);
    const isTrue = this.#words.below(4) > 0;
    if ('self' in message && isTrue) return { ...message, self: handleOf(this.#rogue) };
    if (message.type === 'routed' && isTrue)
      return { ...message, route: [...message.route, this.#rogue.certificate.nodeId] };
    if (message.type === 'reply')
      return { ...message, proof: this.#proof(), back: isTrue ? [idOf('5')] : message.back };
    if (message.type === 'relay' || this.#words.below(4) === 0) return this.#relay(message);
    return message;
  }

  #proof(): Proof | undefined {
    const { certificate, encoded, sign } = this.#words.pick([this.#rogue, this.#other]);
    const signature = sign('answer', [this.#words.below(9)]);
    if (typeof signature !== 'string') throw new Error('a cheap signature is there at once');
    const proof = { by: certificate.nodeId, device: certificate.device, certificate: encoded, signature };
    if (this.#words.below(3) === 0) return undefined;
    return this.#words.below(2) === 0 ? proof : { ...proof, signature: 'A'.repeat(86) };
  }

  #relay(message: Message): Message {
    const own = 'self' in message ? { ...message, self: handleOf(this.#other) } : message;
    const sealed = this.#seals.seal(own, idOf('5'));
    if (sealed === undefined || sealed instanceof Promise) throw new Error('a cheap seal is there at once');
    const peer = this.#words.pick([
      this.#other.certificate.nodeId,
      idOf('7'),
      idOf('5'),
      this.#rogue.certificate.nodeId,
    ]);
    const direction = this.#words.pick(['from', 'from', 'from', 'to'] as const);
    return { type: 'relay', direction, peer, sealed: this.#spoiledSeal(sealed) };
  }

  #spoiledSeal(sealed: Sealed): Sealed {
    const words = this.#words;
    return words.pick([
      sealed,
      sealed,
      { ...sealed, number: words.below(1_000) },
      { ...sealed, certificate: words.text([sealed.certificate]) },
      { ...sealed, certificate: this.#rogue.encoded },
      { ...sealed, text: words.text([sealed.text]) },
    ]);
  }

  #carryOut(outputs: readonly Output[]): void {
    for (const output of outputs) {
      if (output.type === 'send')
        this.#gate.send(output.to, output.message, (message) => void codec.encodeMessage(message));
      if (output.type === 'relay')
        this.#gate.sendRelayed(
          output.carrier,
          output.to,
          output.message,
          (message) => void codec.encodeMessage(message),
        );
    }
  }

  #count(cause: string): void {
    const name = cause.split(' ').slice(0, 5).join(' ');
    this.outcomes.set(name, (this.outcomes.get(name) ?? 0) + 1);
  }
}

function handleOf({ certificate }: Scheme) {
  const { nodeId, epoch, device } = certificate;
  return { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
}

function idOf(prefix: string): Id {
  const id = idFromPrefix(prefix, DIGITS);
  if (id === undefined) throw new Error(`${prefix} is no id`);
  return id;
}
