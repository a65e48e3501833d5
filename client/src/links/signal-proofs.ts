// Signs what this node says to others, and checks who said what came: each distinct text once, since signals are repeated
// and doubled on their way.

import { BoundedMap } from '../core/bounded-map.ts';
import { TokenBucket } from '../core/token-bucket.ts';
import type { SignalWay } from '../peer/ports.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { CertificateFault, Credentials } from '../trust/credentials.ts';
import { type Envelope, encodeEnvelope } from './envelope.ts';
import { CHECK_RATE, MAX_REMEMBERED_SIGNALS } from './limits.ts';

/** forged: not signed by the certificate's owner, for this node and this ring. */
export type SignalFault = CertificateFault | 'forged';

export class SignalProofs {
  readonly #credentials: Credentials;
  readonly #now: () => number;
  readonly #signed = new BoundedMap<string, Promise<string>>(MAX_REMEMBERED_SIGNALS);
  readonly #checked = new BoundedMap<string, Promise<boolean>>(MAX_REMEMBERED_SIGNALS);
  readonly #bucketByWay: Readonly<Record<SignalWay, TokenBucket>>;

  /** `now`: milliseconds on a clock that only moves forward. */
  constructor(credentials: Credentials, now: () => number) {
    this.#credentials = credentials;
    this.#now = now;
    this.#bucketByWay = { ring: new TokenBucket(CHECK_RATE, now()), discovery: new TokenBucket(CHECK_RATE, now()) };
  }

  /** The signal that says `body` to the node `to`, in this node's name. */
  sign(to: string, body: string): Promise<string> {
    const certificate = this.#credentials.encoded;
    const unsigned = encodeEnvelope({ to, certificate, signature: '', body });
    const known = this.#signed.get(unsigned);
    if (known !== undefined) return known;
    const signed = this.#credentials
      .sign('signal', [to, body])
      .then((signature) => encodeEnvelope({ to, certificate, signature, body }));
    this.#signed.set(unsigned, signed);
    return signed;
  }

  /** False: too many came this way lately, and checking one more would cost more than it may. */
  mayCheck(envelope: Envelope, way: SignalWay): boolean {
    return this.#checked.has(encodeEnvelope(envelope)) || this.#bucketByWay[way].take(this.#now());
  }

  /** Whose word it is, or what is wrong with it. */
  async check(envelope: Envelope): Promise<Certificate | SignalFault> {
    const certificate = await this.#credentials.check(envelope.certificate);
    if (typeof certificate === 'string') return certificate;
    return (await this.#isSigned(envelope, certificate)) ? certificate : 'forged';
  }

  #isSigned(envelope: Envelope, certificate: Certificate): Promise<boolean> {
    const text = encodeEnvelope(envelope);
    const known = this.#checked.get(text);
    if (known !== undefined) return known;
    const { to, body, signature } = envelope;
    const checked = this.#credentials.verify(certificate, signature, 'signal', [to, body]);
    this.#checked.set(text, checked);
    return checked;
  }
}
