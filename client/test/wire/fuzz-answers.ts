// Gives a node hostile answers of a Discovery node, and a Discovery node hostile requests: spoiled ones of all kinds. A node
// takes one for a registration only if the ring's key has signed its certificate.

import * as v from 'valibot';
import { HelloRequest, IceAnswer, RegisterRequest, RelayedSignal, SignalRequest } from '../../../signaling/protocol.ts';
import { refusal, refusedBy, Sponsor, toRegistered, toRenewed } from '../../src/links/discovery-answers.ts';
import { sayHello } from '../../src/links/registration.ts';
import { decodeCertificate, encodeCertificate } from '../../src/trust/certificate.ts';
import { type KeySuite, keySuite } from '../../src/trust/key-suite.ts';
import { refusalOf, ScriptedRing } from '../links/scripted-ring.ts';
import { HostileWords } from './hostile-words.ts';

const REQUESTS = [HelloRequest, RegisterRequest, SignalRequest, RelayedSignal, IceAnswer, Sponsor] as const;

export class AnswerFuzz {
  readonly outcomes = new Map<string, number>();
  readonly #words: HostileWords;
  readonly #suite: KeySuite;
  readonly #ringKey: string;
  readonly #claims: Parameters<typeof toRegistered>[1];
  readonly #good: readonly unknown[];
  readonly #true: string;

  private constructor(
    words: HostileWords,
    { suite, ringKey }: ScriptedRing,
    good: readonly unknown[],
    certificate: string,
  ) {
    this.#words = words;
    this.#suite = suite;
    this.#ringKey = ringKey;
    this.#good = good;
    this.#true = certificate;
    const decoded = decodeCertificate(certificate);
    if (decoded === undefined) throw new Error('no certificate');
    this.#claims = decoded;
  }

  static async create(seed: number): Promise<AnswerFuzz> {
    const suite = await keySuite();
    const ring = await ScriptedRing.create(suite);
    const { signKey, agreeKey } = await suite.create('raw');
    const certificate = await ring.certificate({ role: 'node', device: 'device', signKey, agreeKey }, 'a', 7);
    const text = encodeCertificate(certificate);
    const { nodeId } = certificate;
    const registration = {
      ...{ nodeId, params: ring.params, wantedIdGranted: true, iceServers: [{ urls: ['stun:x'] }] },
      ...{ certificate: text, time: ring.now(), sponsor: 'b000' },
    };
    const request = {
      ...{ version: 2, role: 'node', life: 'new', device: 'device', signKey, agreeKey, wantedId: 'a' },
      ...{ certificate: text, signature: 'A'.repeat(86) },
    };
    const good = [
      ...[ring.hello(), registration, registration, request, { certificate: text, time: ring.now() }],
      ...[refusalOf('rate-limited', 'Wait.', 3), { relayed: true }, { sponsor: 'b000' }, { to: 'a000', signal: 'x' }],
    ];
    return new AnswerFuzz(new HostileWords(seed), ring, good, text);
  }

  async step(): Promise<void> {
    const answer = this.#words.value(this.#good);
    for (const schema of REQUESTS) if (v.is(schema, answer)) this.#count(`accepted as ${schema.type}`);
    const hello = await sayHello({
      ...{
        isConnected: true,
        connect: () => undefined,
        reconnect: () => undefined,
        leave: () => undefined,
        onFrame: () => undefined,
      },
      ...{ close: () => undefined, ask: async () => answer },
    });
    this.#count(`hello: ${hello.type}`);
    if (refusedBy(answer) !== undefined) this.#count(`refusal: ${refusal(answer).reason}`);
    const [registered, renewed] = [
      await toRegistered(answer, this.#claims, this.#ringKey, this.#suite),
      await toRenewed(answer, this.#claims, this.#ringKey, this.#suite),
    ];
    for (const taken of [registered, renewed]) {
      if (taken === undefined) continue;
      if (encodeCertificate(taken.certificate) !== this.#true) throw new Error('took a certificate that nobody signed');
      this.#count('taken, with the true certificate');
    }
  }

  #count(what: string): void {
    this.outcomes.set(what, (this.outcomes.get(what) ?? 0) + 1);
  }
}
