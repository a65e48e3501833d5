// A ring's authority for tests: makes credentials of nodes with real keys, as the Discovery node would.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { toBase64url } from '../../src/trust/base64url.ts';
import { type Certificate, certificateStatement, KEY_BYTES, type Role } from '../../src/trust/certificate.ts';
import { Credentials } from '../../src/trust/credentials.ts';
import { type KeySuite, keySuite, type OwnKeys } from '../../src/trust/key-suite.ts';

export interface CertifiedOptions {
  readonly epoch?: number;
  readonly role?: Role;
  readonly device?: string;
  /** Seconds since 1970. */
  readonly issued?: number;
  readonly expires?: number;
  readonly keys?: OwnKeys;
}

export class Authority {
  readonly #suite: KeySuite;
  readonly #keys: OwnKeys;
  /** The ring's time, seconds. */
  now = 1_800_000_000;
  /** Since when the Discovery node is away, seconds; undefined: it is there. */
  awaySince: number | undefined;

  private constructor(suite: KeySuite, keys: OwnKeys) {
    this.#suite = suite;
    this.#keys = keys;
  }

  /** Of a ring of its own. Default of `suite`: the best that there is. */
  static async create(suite?: KeySuite): Promise<Authority> {
    const chosen = suite ?? (await keySuite());
    return new Authority(chosen, await chosen.create('raw'));
  }

  /** Of one and the same ring, in every process and page. */
  static async fixed(suite?: KeySuite): Promise<Authority> {
    const chosen = suite ?? (await keySuite());
    const secret = toBase64url(new Uint8Array(KEY_BYTES).fill(7));
    return new Authority(chosen, await chosen.open({ kind: 'raw', sign: secret, agree: secret }));
  }

  get seconds(): number {
    return this.now;
  }

  get renewableSeconds(): number {
    return this.awaySince ?? this.now;
  }

  get ringKey(): string {
    return this.#keys.signKey;
  }

  async certificate(nodeId: NodeId, keys: OwnKeys, options: CertifiedOptions = {}): Promise<Certificate> {
    const { epoch = 1, role = 'node', device = `device-${nodeId}`.slice(0, 64) } = options;
    const { issued = this.now, expires = this.now + 86_400 } = options;
    const { signKey, agreeKey } = keys;
    const unsigned = { role, nodeId, epoch, device, signKey, agreeKey, issued, expires };
    return { ...unsigned, signature: await this.#keys.sign(certificateStatement(this.ringKey, unsigned)) };
  }

  /** Keys and a certificate of a node. */
  async credentials(nodeId: NodeId, options: CertifiedOptions = {}): Promise<Credentials> {
    const suite = this.#suite;
    const keys = options.keys ?? (await suite.create('raw'));
    const certificate = await this.certificate(nodeId, keys, options);
    return new Credentials({ suite, keys, ringKey: this.ringKey, certificate, time: this });
  }
}
