// Answers to questions that the hostile peer was not asked: to guessed ids, and, to those that pass it, in the name of others.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Reply, ReplyPayload, Routed } from '../../src/core/pastry/messages.ts';
import type { Proof } from '../../src/core/proof.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import type { HostilePeer } from './hostile-peer.ts';

export class GuessedAnswers {
  readonly #hostile: HostilePeer;
  readonly #proof: Proof;
  #guess = 0;
  /** Answers that it made up to questions that it saw. */
  seen = 0;

  private constructor(hostile: HostilePeer, proof: Proof) {
    this.#hostile = hostile;
    this.#proof = proof;
  }

  static async prepare(hostile: HostilePeer): Promise<GuessedAnswers> {
    const { credentials } = hostile.discovery;
    const signature = await credentials.sign('answer', ['anything']);
    const { device } = credentials.certificate;
    return new GuessedAnswers(hostile, { by: hostile.nodeId, device, certificate: credentials.encoded, signature });
  }

  /** Answers as if these victims had asked under ids as they were made once, a number of each node's own, and others. */
  guess(victims: readonly NodeId[]): void {
    for (const victim of victims) {
      this.#guess += 1;
      const number = this.#guess.toString(16);
      for (const id of [
        number.padStart(32, '0'),
        number.padEnd(32, '0'),
        `${victim.slice(0, 16)}${number.padStart(16, '0')}`,
      ]) {
        const route = [victim, this.#hostile.nodeId];
        this.#answer(victim, { id, back: [victim] }, { kind: 'found', route }, this.#proof);
        this.#answer(
          victim,
          { id, back: [victim] },
          { kind: 'holders', holders: [this.#hostile.nodeId], route },
          undefined,
        );
      }
    }
  }

  /** Answers each question that passes it on the way to somebody else, in that node's name; the question goes no further. */
  interpose(): void {
    this.#hostile.behave({
      speak: (output) => {
        if (output.type !== 'send' || output.message.type !== 'routed') return [output];
        const { message, to } = output;
        const isOthers = message.route.length > 1;
        if (!isOthers || (message.payload.kind !== 'lookup' && message.payload.kind !== 'locate')) return [output];
        this.#forge(message, to);
        return [];
      },
    });
  }

  #forge({ id, route, payload }: Routed, to: NodeId): void {
    const back = route.slice(0, -1).reverse();
    const [next] = back;
    if (next === undefined) return;
    const whole = [...route, to];
    const forged: ReplyPayload =
      payload.kind === 'locate'
        ? { kind: 'holders', holders: [this.#hostile.nodeId], route: whole }
        : { kind: 'found', route: whole };
    const certificate = this.#hostile.links.certificateById.get(to);
    const stolen =
      certificate === undefined
        ? this.#proof
        : { ...this.#proof, by: to, device: certificate.device, certificate: encodeCertificate(certificate) };
    for (const proof of [this.#proof, stolen, undefined]) {
      this.seen += 1;
      this.#answer(next, { id, back }, forged, proof);
    }
  }

  #answer(to: NodeId, { id, back }: Pick<Reply, 'id' | 'back'>, payload: ReplyPayload, proof: Proof | undefined): void {
    this.#hostile.say(to, { type: 'reply', id, token: this.#guess + this.seen, back, payload, proof });
  }
}
