// Messages that a third node carries between two: sealed with a key that only the two can make, one for each direction and
// each pair of lives (X25519, HKDF, AES-256-GCM). The sender's certificate goes along, so that the receiver can make the key;
// a number makes each message's nonce, and lets none be taken twice.

import { BoundedMap } from '../core/bounded-map.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Direct } from '../core/pastry/messages.ts';
import type { Sealed } from '../core/sealed.ts';
import { fromBase64url, toBase64url } from '../trust/base64url.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { FrameCodec } from '../wire/frame.ts';
import type { CertificateBook } from './certificate-book.ts';
import { ReplayWindow } from './replay-window.ts';
import type { Scheme, Seal } from './scheme.ts';
import { type Soon, whenKnown } from './soon.ts';

/** Keys, and senders whose numbers are known: of nodes that no link reaches, which are leaves, a few sets full. */
const MAX_KEYS = 512;
const MAX_SENDERS = 1_024;
const NONCE_BYTES = 12;

/** sure: the carrier should have seen it itself. open: the carrier or the sender may have done it. */
export interface SealFault {
  readonly isCarriers: boolean;
  /** For people. */
  readonly what: string;
}

export interface Opened {
  readonly message: Direct;
  readonly certificate: Certificate;
}

export class Seals {
  readonly #scheme: Scheme;
  readonly #codec: FrameCodec;
  readonly #book: CertificateBook;
  readonly #sealByName = new BoundedMap<string, Soon<Seal | undefined>>(MAX_KEYS);
  readonly #takenByLife = new BoundedMap<string, ReplayWindow>(MAX_SENDERS);
  #lastNumber = 0;

  constructor(scheme: Scheme, codec: FrameCodec, book: CertificateBook) {
    this.#scheme = scheme;
    this.#codec = codec;
    this.#book = book;
  }

  /** For `to` alone; undefined if its certificate is not known, or its key is none. */
  seal(message: Message, to: NodeId): Soon<Sealed | undefined> {
    const receiver = this.#book.of(to);
    if (receiver === undefined) return undefined;
    // One count for all receivers: a nonce never comes back, even if a key was forgotten meanwhile.
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    const { certificate, encoded } = this.#scheme;
    return whenKnown(this.#key(certificate, receiver), (key) => {
      if (key === undefined) return undefined;
      const sealed = key.seal(nonceOf(number), this.#codec.encodeMessage(message));
      return whenKnown(sealed, (bytes) => ({ certificate: encoded, number, text: toBase64url(bytes) }));
    });
  }

  /** What `from` sealed for this node, once. */
  open(sealed: Sealed, from: NodeId): Soon<Opened | SealFault> {
    return whenKnown(this.#scheme.check(sealed.certificate), (checked) => {
      if (checked === 'expired') return open('a certificate that is expired');
      if (typeof checked === 'string') return sure(`a certificate that is ${checked}`);
      if (checked.nodeId !== from) return sure('in the name of another node');
      if (checked.role !== 'node') return sure('of a client');
      const latest = this.#book.of(from);
      if (latest !== undefined && latest.epoch > checked.epoch) return open('of a former life');
      return this.#openOf(checked, sealed);
    });
  }

  #openOf(sender: Certificate, { number, text }: Sealed): Soon<Opened | SealFault> {
    const life = `${sender.nodeId}.${sender.epoch}`;
    if (this.#takenByLife.get(life)?.isFresh(number) === false) return open('taken before');
    const bytes = fromBase64url(text);
    if (bytes === undefined) return sure('no base64url');
    const unsealed = whenKnown(this.#key(sender, this.#scheme.certificate), (key) =>
      key?.unseal(nonceOf(number), bytes),
    );
    return whenKnown(unsealed, (opened) => {
      if (opened === undefined) return open('not sealed by its sender');
      // Another copy may have been opened at the same time.
      const taken = this.#takenByLife.get(life) ?? new ReplayWindow();
      if (!taken.isFresh(number)) return open('taken before');
      taken.take(number);
      this.#takenByLife.set(life, taken);
      this.#book.add(sender);
      return this.#read(opened, sender);
    });
  }

  #read(bytes: Uint8Array, certificate: Certificate): Opened | SealFault {
    const frame = this.#codec.decode(bytes);
    if (frame.kind !== 'message') return open(frame.kind === 'malformed' ? frame.reason : `a ${frame.kind}`);
    if (frame.message.type === 'relay') return open('relayed twice');
    return { message: frame.message, certificate };
  }

  /** One of the two is this node's own certificate. */
  #key(from: Certificate, to: Certificate): Soon<Seal | undefined> {
    const { ringKey, keys, certificate } = this.#scheme;
    const other = from.nodeId === certificate.nodeId ? to : from;
    const lives = [from.nodeId, from.epoch, to.nodeId, to.epoch];
    const about = JSON.stringify(['tabring 2', 'relay', ringKey, ...lives]);
    const name = `${about}${other.agreeKey}`;
    let key = this.#sealByName.get(name);
    if (key === undefined) {
      key = keys.agree(other.agreeKey, about);
      // A certificate may hold 32 bytes that are no key.
      if (key instanceof Promise) key = key.catch(() => undefined);
      this.#sealByName.set(name, key);
    }
    return key;
  }
}

function sure(what: string): SealFault {
  return { isCarriers: true, what };
}

function open(what: string): SealFault {
  return { isCarriers: false, what };
}

/** 96 bits, big-endian. */
function nonceOf(number: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  let rest = number;
  for (let index = NONCE_BYTES - 1; rest > 0; index -= 1) {
    nonce[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return nonce;
}
