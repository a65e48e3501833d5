// What a Discovery node answers, for tests of the client's side: true certificates of a ring with one key. It believes
// everybody whose signature is right and grants every wish; tests change the answers.

import * as v from 'valibot';
import {
  DISCOVERY_PROTOCOL,
  type Hello,
  RegisterRequest,
  type Registration,
  registrationParts,
} from '../../../signaling/protocol.ts';
import { idFromPrefix } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../../src/core/pastry/params.ts';
import {
  type Certificate,
  certificateStatement,
  decodeCertificate,
  encodeCertificate,
} from '../../src/trust/certificate.ts';
import type { KeySuite, OwnKeys } from '../../src/trust/key-suite.ts';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { statement } from '../../src/trust/statement.ts';

const CHALLENGE = 'c'.repeat(43);

export class ScriptedRing {
  readonly suite: KeySuite;
  readonly ringKey: string;
  readonly #keys: OwnKeys;
  params: RingParams = { ...DEFAULT_RING_PARAMS, digits: 4 };
  /** Of a certificate, seconds. */
  life = 1_000_000;
  /** The id that nobody asked for. */
  freeId = 'a000';
  /** Its clock, seconds. */
  now = (): number => Math.floor(Date.now() / 1000);
  /** The registrations that were asked for. */
  readonly requests: RegisterRequest[] = [];
  #lastEpoch = 0;

  private constructor(suite: KeySuite, keys: OwnKeys) {
    this.suite = suite;
    this.#keys = keys;
    this.ringKey = keys.signKey;
  }

  /** noble's keys need no thread of their own, so that they work in virtual time. */
  static async create(suite: KeySuite = nobleSuite): Promise<ScriptedRing> {
    return new ScriptedRing(suite, await suite.create('raw'));
  }

  hello(): Hello {
    const { ringKey, params } = this;
    return { version: DISCOVERY_PROTOCOL, ringKey, params, time: this.now(), challenge: CHALLENGE };
  }

  /** The registration, or a refusal if the request is not signed by the key that it names. */
  async register(received: unknown): Promise<Registration | object> {
    const request = v.parse(RegisterRequest, received);
    this.requests.push(request);
    const { signKey, signature, life, wantedId, certificate } = request;
    const signed = statement('registration', this.ringKey, registrationParts(CHALLENGE, request));
    if (!(await this.suite.verify(signKey, signature, signed))) return refusalOf('not-proven', 'Not signed.');
    const former = certificate === undefined ? undefined : decodeCertificate(certificate);
    this.#lastEpoch = Math.max(this.now(), this.#lastEpoch + 1);
    const epoch = life === 'same' && former !== undefined ? former.epoch : this.#lastEpoch;
    return this.registration(request, wantedId ?? this.freeId, epoch);
  }

  async registration(request: RegisterRequest, prefix: string, epoch: number): Promise<Registration> {
    const { params } = this;
    const certificate = await this.certificate(request, prefix, epoch);
    const { nodeId } = certificate;
    return {
      ...{ nodeId, params, wantedIdGranted: true, iceServers: [] },
      certificate: encodeCertificate(certificate),
      time: this.now(),
    };
  }

  /** The answer to `renew` of who has this certificate. */
  async renewal(latest: Certificate): Promise<{ certificate: string; time: number }> {
    const certificate = encodeCertificate(await this.certificate(latest, latest.nodeId, latest.epoch));
    return { certificate, time: this.now() };
  }

  async certificate(
    { role, device, signKey, agreeKey }: Pick<Certificate, 'role' | 'device' | 'signKey' | 'agreeKey'>,
    prefix: string,
    epoch: number,
  ): Promise<Certificate> {
    const nodeId = idFromPrefix(prefix, this.params.digits);
    if (nodeId === undefined) throw new Error(`${prefix} is no id`);
    const issued = this.now();
    const unsigned = { role, nodeId, epoch, device, signKey, agreeKey, issued, expires: issued + this.life };
    return { ...unsigned, signature: await this.#keys.sign(certificateStatement(this.ringKey, unsigned)) };
  }
}

export function refusalOf(code: string, message: string, retrySeconds?: number): object {
  return { error: { code, message, ...(retrySeconds === undefined ? {} : { retrySeconds }) } };
}
