// Answers to routed questions: signed by who answers over the question's id, its key, what it asked, and the answer, so that
// nobody on the way can change one of them. It is checked where the answer ends, by the node that asked. An answer that goes
// straight to the node that asked is proved by the link that it goes over, and needs no signature.

import { BoundedMap } from '../core/bounded-map.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Asked, Reply, Routed } from '../core/pastry/messages.ts';
import type { Proof } from '../core/proof.ts';
import { encodeCertificate } from '../trust/certificate.ts';
import type { FrameCodec } from '../wire/frame.ts';
import type { StatementParts } from './scheme.ts';
import { type Soon, whenKnown } from './soon.ts';
import type { Speaker } from './speaker.ts';
import type { Witness } from './witness.ts';
import type { Words } from './words.ts';

/** Questions of this node's own whose answers are known for what they are: those of half a minute of a busy command. */
const MAX_QUESTIONS = 4_096;

export class Answers implements Words {
  readonly #self: NodeId;
  readonly #witness: Witness;
  readonly #codec: FrameCodec;
  readonly #count: (cause: string) => void;
  readonly #questionById = new BoundedMap<string, Asked>(MAX_QUESTIONS);

  constructor(self: NodeId, witness: Witness, codec: FrameCodec, count: (cause: string) => void) {
    this.#self = self;
    this.#witness = witness;
    this.#codec = codec;
    this.#count = count;
  }

  signed(message: Message, to: NodeId): Soon<Message | undefined> {
    if (message.type === 'routed') this.#remember(message);
    return message.type === 'reply' ? this.#signedReply(message, to) : message;
  }

  proved(message: Message, speaker: Speaker): Soon<Message | undefined> {
    return message.type === 'reply' ? this.#provedReply(message, speaker) : message;
  }

  #remember({ id, key, route, payload }: Routed): void {
    if (route.length === 1) this.#questionById.set(id, { key, payload });
  }

  #signedReply(reply: Reply, to: NodeId): Soon<Reply | undefined> {
    const { asked, ...bare } = reply;
    if (bare.proof !== undefined || provesItself(bare)) return bare;
    if (asked === undefined) return this.#refuse('not this node’s own, and not signed');
    if (bare.back.at(-1) === to) return bare;
    return whenKnown(this.#witness.sign('answer', this.#parts(bare, asked)), (proof) => ({ ...bare, proof }));
  }

  #provedReply(reply: Reply, speaker: Speaker): Soon<Reply | undefined> {
    if (provesItself(reply)) return reply;
    const { proof } = reply;
    const isAtItsEnd = !reply.back.slice(reply.back.lastIndexOf(this.#self) + 1).length;
    if (!isAtItsEnd) return proof === undefined ? this.#refuse('not signed, and not at its end') : reply;
    const question = this.#questionById.get(reply.id);
    if (question === undefined) return this.#refuse('this node asked nothing under its id');
    if (proof === undefined) return { ...reply, proof: linkProof(speaker) };
    return whenKnown(this.#witness.fault(proof, 'answer', this.#parts(reply, question)), (fault) =>
      fault === undefined ? reply : this.#refuse(fault),
    );
  }

  #parts({ id, payload }: Reply, { key, payload: question }: Asked): StatementParts {
    const digest = question.kind === 'locate' ? question.block.digest : null;
    return [id, key, question.kind, digest, this.#codec.answerText(payload)];
  }

  /** Who brought it need not be who made it up. */
  #refuse(why: string): undefined {
    this.#count(`answers refused: ${why}`);
  }
}

/** What signals bring is signed inside, by the links' own (links/). */
function provesItself({ payload }: Reply): boolean {
  return payload.kind === 'signal';
}

function linkProof({ peer, certificate }: Speaker): Proof {
  const { device } = certificate;
  return { by: peer, device, certificate: encodeCertificate(certificate), signature: '' };
}
