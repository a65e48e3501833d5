// Signals as they arrive: nothing in them counts before their sender has proved itself, and those of one sender are heard in
// the order in which they came. What the carrier says of the origin is a hint only: whom to answer where.

import type { NodeId } from '../core/pastry/id.ts';
import type { SignalWay } from '../peer/ports.ts';
import { type Certificate, decodeCertificate } from '../trust/certificate.ts';
import { decodeEnvelope, type Envelope } from './envelope.ts';
import { describedFingerprint } from './fingerprint.ts';
import { InTurn } from './in-turn.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import type { LinkCounter } from './link-counters.ts';
import { type Doubt, decodeSignal, type Signal } from './signal.ts';
import type { SignalFault, SignalProofs } from './signal-proofs.ts';

export interface ArrivingSignalsHost {
  readonly self: NodeId;
  readonly proofs: SignalProofs;
  readonly count: (what: LinkCounter) => void;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** `from` says this. */
  readonly proved: (from: Certificate, signal: Signal, way: SignalWay) => void;
  /** Somebody says this in the name of `from`, which is not proved. Counted already. */
  readonly doubted: (from: NodeId, signal: Signal, way: SignalWay, why: Doubt['why']) => void;
}

interface Readable {
  readonly envelope: Envelope;
  readonly claimed: NodeId;
  readonly signal: Signal;
}

const COUNTER_BY_FAULT = {
  malformed: 'signalsMalformed',
  foreign: 'signalsForeign',
  expired: 'signalsExpired',
  forged: 'signalsForged',
} as const;

export class ArrivingSignals {
  readonly #host: ArrivingSignalsHost;
  readonly #turns = new InTurn<NodeId>();
  /** Signals of former ones, which are being checked, count no more. */
  #life = 0;

  constructor(host: ArrivingSignalsHost) {
    this.#host = host;
  }

  /** A signal came this `way`, which says that it is of `hint`. */
  arrived(hint: NodeId, text: string, way: SignalWay): void {
    const read = this.#read(hint, text);
    if (typeof read === 'string') return this.#host.count(read);
    const { proofs } = this.#host;
    // What costs something comes last.
    if (!proofs.mayCheck(read.envelope, way)) return this.#host.count('signalsOverBudget');
    const life = this.#life;
    const arrivedAt = this.#host.now();
    this.#turns.run(read.claimed, proofs.check(read.envelope), (checked) => {
      if (life === this.#life) this.#checked(read, checked, way, arrivedAt);
    });
  }

  /** Hears nothing any more of what came so far. */
  forget(): void {
    this.#life += 1;
  }

  #read(hint: NodeId, text: string): Readable | LinkCounter {
    const { self } = this.#host;
    const envelope = decodeEnvelope(text);
    if (envelope === undefined || hint === self) return 'signalsMalformed';
    const claimed = decodeCertificate(envelope.certificate)?.nodeId;
    const signal = decodeSignal(envelope.body);
    if (claimed === undefined || signal === undefined) return 'signalsMalformed';
    if (claimed !== hint) return 'signalsInAnothersName';
    if (envelope.to !== self) return 'signalsMisdirected';
    const isDescription = signal.type === 'offer' || signal.type === 'answer';
    if (isDescription && describedFingerprint(signal.sdp) === undefined) return 'fingerprintsRefused';
    return { envelope, claimed, signal };
  }

  #checked({ claimed, signal }: Readable, checked: Certificate | SignalFault, way: SignalWay, arrivedAt: number): void {
    const isAttempt = signal.type === 'offer' || signal.type === 'call';
    if (isAttempt && this.#host.now() - arrivedAt >= CONNECT_TIMEOUT_MS) return this.#host.count('signalsTooLate');
    if (typeof checked !== 'string') return this.#host.proved(checked, signal, way);
    this.#host.count(COUNTER_BY_FAULT[checked]);
    if (checked !== 'malformed') this.#host.doubted(claimed, signal, way, checked);
  }
}
