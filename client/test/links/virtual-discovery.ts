// A Discovery node without a network, for tests in virtual time: the wire to it breaks and mends when a test says so.

import type { RegisterRequest } from '../../../signaling/protocol.ts';
import type { DiscoveryWire, openDiscoverySocket, Question, WireEvents } from '../../src/links/discovery-socket.ts';
import { SignallingError } from '../../src/links/signalling.ts';
import { type Certificate, decodeCertificate } from '../../src/trust/certificate.ts';
import type { ScriptedRing } from './scripted-ring.ts';

export class VirtualDiscovery {
  /** Which ring it is of; tests put another in its place. */
  ring: ScriptedRing;
  /** How often each thing was asked. */
  readonly asked: Record<Question, number> = {
    hello: 0,
    register: 0,
    renew: 0,
    signal: 0,
    frame: 0,
    sponsor: 0,
    'ice-servers': 0,
  };
  readonly left: boolean[] = [];
  onRegister = (request: unknown): Promise<object> => this.ring.register(request);
  onRenew = (latest: Certificate): Promise<object> => this.ring.renewal(latest);
  #events: WireEvents | undefined;
  #isUp = true;
  #isOpen = false;
  #latest: Certificate | undefined;

  constructor(ring: ScriptedRing) {
    this.ring = ring;
  }

  readonly openWire: typeof openDiscoverySocket = (_url, _backoff, events) => {
    this.#events = events;
    this.#isOpen = this.#isUp;
    if (this.#isOpen) queueMicrotask(() => events.connected());
    else queueMicrotask(() => events.lost('connection refused', true));
    const isConnected = (): boolean => this.#isOpen;
    const wire: DiscoveryWire = {
      get isConnected() {
        return isConnected();
      },
      connect: () => this.up(),
      reconnect: () => this.up(),
      ask: (question, request) => this.#ask(question, request),
      onFrame: () => undefined,
      leave: (comesBack) => {
        this.left.push(comesBack);
        this.#isOpen = false;
      },
      close: () => {
        this.#isOpen = false;
      },
    };
    return wire;
  };

  down(): void {
    this.#isUp = false;
    this.#isOpen = false;
    this.#events?.lost('transport close', true);
  }

  up(): void {
    this.#isUp = true;
    this.#isOpen = true;
    this.#events?.connected();
  }

  async #ask(question: Question, request: object | undefined): Promise<unknown> {
    this.asked[question] += 1;
    if (!this.#isOpen) throw new SignallingError('timed-out', 'The Discovery node did not answer.');
    switch (question) {
      case 'hello':
        return this.ring.hello();
      case 'register':
        return this.#registered(request as RegisterRequest);
      case 'renew':
        return this.#latest === undefined ? null : this.onRenew(this.#latest);
      default:
        return null;
    }
  }

  async #registered(request: RegisterRequest): Promise<object> {
    const answer = await this.onRegister(request);
    if ('certificate' in answer && typeof answer.certificate === 'string') {
      this.#latest = decodeCertificate(answer.certificate);
    }
    return answer;
  }
}
