// Between decoded frames and the core: a word is its speaker's. On the way out it signs what is this node's own and seals
// what a third carries; on the way in it lets through only what is proved by the link, a signature or a seal, and counts the
// rest by name. The core behind it stays pure and believes what it sees. Knows no sockets: the driver (peer/) and the
// simulator (sim/) both stand around it.

import type { Input } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Direct, Relay } from '../core/pastry/messages.ts';
import { type Certificate, decodeCertificate } from '../trust/certificate.ts';
import type { FrameCodec } from '../wire/frame.ts';
import { Answers } from './answers.ts';
import { CertificateBook } from './certificate-book.ts';
import { faultOf } from './entry-rules.ts';
import { Lanes } from './lanes.ts';
import { LeaseProofs } from './leases.ts';
import { RelayBudget } from './relay-budget.ts';
import type { Scheme } from './scheme.ts';
import { Seals } from './seals.ts';
import { MESSAGES_WITH_SLIPS, Slips } from './slips.ts';
import { type Soon, whenKnown } from './soon.ts';
import type { Speaker } from './speaker.ts';
import { Witness } from './witness.ts';
import type { Words } from './words.ts';

export interface GateParts {
  readonly scheme: Scheme;
  readonly codec: FrameCodec;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** Counts what was dropped, by cause. */
  readonly count: (cause: string) => void;
  /** A link's far end did what a correct node never does. */
  readonly misbehaved: (peer: NodeId, what: string) => void;
}

/** What the core hears of a message that was let in. */
export type Admitted = Extract<Input, { readonly type: 'message' | 'relayed' }>;

export class Gate {
  readonly #parts: GateParts;
  readonly #book = new CertificateBook();
  readonly #seals: Seals;
  readonly #wordsByType: ReadonlyMap<Message['type'], Words>;
  readonly #budget: RelayBudget;
  readonly #outward: Lanes;
  readonly #inward: Lanes;

  constructor(parts: GateParts) {
    this.#parts = parts;
    const { scheme, codec, now, count } = parts;
    const failed = (): void => count('proofs that could not be computed');
    this.#outward = new Lanes(failed);
    this.#inward = new Lanes(failed);
    this.#seals = new Seals(scheme, codec, this.#book);
    this.#budget = new RelayBudget(now);
    const witness = new Witness(scheme, this.#book);
    const answers = new Answers(scheme.certificate.nodeId, witness, codec, count);
    const slips = new Slips(witness, new LeaseProofs(scheme, count), count);
    this.#wordsByType = new Map<Message['type'], Words>([
      ['routed', answers],
      ['reply', answers],
      ...MESSAGES_WITH_SLIPS.map((type) => [type, slips] as const),
    ]);
  }

  /** A certificate that has been checked: of a link's far end, or of who sent signals. */
  certified(certificate: Certificate): void {
    this.#book.add(certificate);
  }

  /** `transmit` gets the message as it goes out, after all that was sent to `to` before. */
  send(to: NodeId, message: Message, transmit: (message: Message) => void): void {
    if (this.#mayLeave(to)) this.#leave(to, this.#signed(message, to), transmit);
  }

  /** The same for a message to `to` that `carrier` brings there. */
  sendRelayed(carrier: NodeId, to: NodeId, message: Direct, transmit: (message: Message) => void): void {
    if (!this.#mayLeave(carrier)) return;
    const relay = whenKnown(this.#signed(message, to), (signed) => this.#sealed(signed, to));
    this.#leave(carrier, relay, transmit);
  }

  /** `deliver` gets what the core may hear, after all that came from this far end before. */
  receive(link: Speaker, message: Message, deliver: (admitted: Admitted) => void): void {
    const fault = faultOf(message, link);
    if (fault !== undefined) return this.#parts.misbehaved(link.peer, fault);
    if (!this.#inward.hasRoom(link.peer)) return this.#parts.count('messages dropped: too many wait to be proved');
    this.#inward.message(link.peer, this.#admitted(link, message), (admitted) => {
      if (admitted !== undefined) deliver(admitted);
    });
  }

  /** `run` after all that was sent to this peer before. */
  afterSent(peer: NodeId, run: () => void): void {
    this.#outward.step(peer, run);
  }

  /** `run` after all that came from this peer before. */
  afterReceived(peer: NodeId, run: () => void): void {
    this.#inward.step(peer, run);
  }

  /** Nothing that came from this peer and still waits is wanted any more. */
  dropReceived(peer: NodeId): void {
    this.#inward.dropMessages(peer);
  }

  /** What is ready leaves now: there is no later. */
  finish(): void {
    this.#outward.finish();
  }

  #mayLeave(to: NodeId): boolean {
    if (this.#outward.hasRoom(to)) return true;
    this.#parts.count('messages dropped: too many wait to be signed');
    return false;
  }

  #leave(to: NodeId, message: Soon<Message | undefined>, transmit: (message: Message) => void): void {
    this.#outward.message(to, message, (ready) => {
      if (ready !== undefined) transmit(ready);
    });
  }

  #signed(message: Message, to: NodeId): Soon<Message | undefined> {
    const words = this.#wordsByType.get(message.type);
    return words === undefined ? message : words.signed(message, to);
  }

  #sealed(message: Message | undefined, to: NodeId): Soon<Relay | undefined> {
    if (message === undefined) return undefined;
    return whenKnown(this.#seals.seal(message, to), (sealed) => {
      if (sealed !== undefined) return { type: 'relay', direction: 'to', peer: to, sealed };
      this.#parts.count('relayed messages dropped: the far end’s certificate is unknown');
      return undefined;
    });
  }

  #admitted(link: Speaker, message: Message): Soon<Admitted | undefined> {
    if (message.type === 'relay') return this.#carried(link, message);
    const proved = this.#proved(link, message);
    return whenKnown(proved, (known) => known && { type: 'message', from: link.peer, message: known });
  }

  #proved(speaker: Speaker, message: Message): Soon<Message | undefined> {
    const words = this.#wordsByType.get(message.type);
    return words === undefined ? message : words.proved(message, speaker);
  }

  #carried(link: Speaker, relay: Relay): Soon<Admitted | undefined> {
    const { peer: from, direction, sealed } = relay;
    if (direction === 'to') {
      if (isOf(sealed.certificate, link.certificate)) return { type: 'message', from: link.peer, message: relay };
      this.#parts.misbehaved(link.peer, 'relay: sealed in the name of another node');
      return undefined;
    }
    if (this.#budget.isSpent(link.peer, from)) {
      this.#parts.count('relayed messages dropped: too many before were false');
      return undefined;
    }
    return whenKnown(this.#seals.open(sealed, from), (opened) => {
      if ('what' in opened) {
        if (opened.isCarriers) this.#parts.misbehaved(link.peer, `relay: ${opened.what}`);
        else this.#refused(link.peer, from, opened.what);
        return undefined;
      }
      return this.#spoken(link.peer, { peer: from, certificate: opened.certificate }, opened.message);
    });
  }

  /** A message that its speaker sealed for this node. */
  #spoken(carrier: NodeId, speaker: Speaker, message: Direct): Soon<Admitted | undefined> {
    const fault = faultOf(message, speaker);
    if (fault !== undefined) return this.#refused(carrier, speaker.peer, fault);
    return whenKnown(this.#proved(speaker, message), (proved) =>
      proved === undefined || proved.type === 'relay'
        ? undefined
        : { type: 'relayed', from: speaker.peer, carrier, message: proved },
    );
  }

  /** Either of the two may have done it. */
  #refused(carrier: NodeId, from: NodeId, what: string): undefined {
    this.#parts.count(`relayed messages refused: ${what}`);
    this.#budget.spend(carrier, from);
  }
}

/** A carrier can see that much: it is the certificate of its link, or of the same life and keys, renewed. */
function isOf(encoded: string, certificate: Certificate): boolean {
  const shown = decodeCertificate(encoded);
  return (
    shown !== undefined &&
    shown.nodeId === certificate.nodeId &&
    shown.epoch === certificate.epoch &&
    shown.agreeKey === certificate.agreeKey
  );
}
