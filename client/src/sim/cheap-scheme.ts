// Keys, signatures and seals for simulated nodes: as long as the real ones, a thousand times as cheap, and nobody can forge
// them either, because a node's secret is in its own scheme and in the authority alone, and neither gives it away. Nothing is
// hidden by these seals: no simulated node reads what it should not.

import type { Scheme, Seal, StatementParts } from '../gate/scheme.ts';
import { type Certificate, encodeCertificate, type UnsignedCertificate } from '../trust/certificate.ts';
import type { CertificateFault } from '../trust/credentials.ts';
import { type StatementKind, statement } from '../trust/statement.ts';
import { mix, type Rng } from './rng.ts';

const KEY_CHARACTERS = 43;
const SIGNATURE_CHARACTERS = 86;
/** What AES-GCM adds to a text. */
const TAG_BYTES = 16;
/** Long before any simulation ends. */
const ISSUED = 1_800_000_000;
const EXPIRES = 1_800_600_000;

/** Signs leases. */
export interface Owner {
  readonly key: string;
  /** Of a whole statement. */
  signText(text: string): string;
}

export type Bearer = Pick<UnsignedCertificate, 'role' | 'nodeId' | 'epoch' | 'device'>;

/** The ring's authority: gives each node its scheme. */
export class CheapAuthority {
  readonly ringKey = textOf('ring', KEY_CHARACTERS);
  readonly #rng: Rng;
  readonly #secretByKey = new Map<string, number>();
  readonly #certificateByText = new Map<string, Certificate>();

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Keys and a certificate of a node's new life. */
  scheme(bearer: Bearer): Scheme {
    const name = String(this.#secretByKey.size);
    const [signKey, agreeKey] = [textOf(`s${name}`, KEY_CHARACTERS), textOf(`a${name}`, KEY_CHARACTERS)];
    const secret = this.#rng.uint32();
    this.#secretByKey.set(signKey, secret).set(agreeKey, secret);
    const signature = macOf(this.#rng.uint32(), name);
    const certificate = { ...bearer, signKey, agreeKey, issued: ISSUED, expires: EXPIRES, signature };
    const encoded = encodeCertificate(certificate);
    this.#certificateByText.set(encoded, certificate);
    return {
      ringKey: this.ringKey,
      certificate,
      encoded,
      sign: (kind, parts) => this.#sign(secret, kind, parts),
      verify: ({ signKey: key }, text, kind, parts) => {
        const other = this.#secretByKey.get(key);
        return other !== undefined && this.#sign(other, kind, parts) === text;
      },
      check: (text): Certificate | CertificateFault => this.#certificateByText.get(text) ?? 'foreign',
      keys: { agree: (key, about) => this.#agree(secret, key, about) },
    };
  }

  /** A key pair of a file's owner. */
  owner(): Owner {
    const key = textOf(`o${this.#secretByKey.size}`, KEY_CHARACTERS);
    const secret = this.#rng.uint32();
    this.#secretByKey.set(key, secret);
    return { key, signText: (text) => macOf(secret, text) };
  }

  #sign(secret: number, kind: StatementKind, parts: StatementParts): string {
    return macOf(secret, statement(kind, this.ringKey, parts));
  }

  #agree(secret: number, agreeKey: string, about: string): Seal {
    // A key that nobody has is shared with nobody.
    const other = this.#secretByKey.get(agreeKey) ?? this.#rng.uint32();
    const [first, second] = secret < other ? [secret, other] : [other, secret];
    const shared = laneOf(mix(first) ^ second, about);
    return {
      seal: (nonce, bytes) => Uint8Array.of(...tagOf(shared, nonce, bytes), ...bytes),
      unseal: (nonce, sealed) => {
        const bytes = sealed.subarray(TAG_BYTES);
        const tag = tagOf(shared, nonce, bytes);
        return tag.every((byte, index) => byte === sealed[index]) ? bytes : undefined;
      },
    };
  }
}

/** FNV-1a from a secret start to a secret end, so that nothing can be put behind what is known. */
function laneOf(secret: number, text: string): number {
  let hash = mix(secret ^ 0x811c9dc5);
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix(hash ^ mix(secret));
}

/** 64 bits, as long as an Ed25519 signature. */
function macOf(secret: number, text: string): string {
  const [left, right] = [laneOf(secret, text), laneOf(mix(secret + 1), text)];
  return textOf(left.toString(36) + right.toString(36).padStart(7, '0'), SIGNATURE_CHARACTERS);
}

function tagOf(shared: number, nonce: Uint8Array, bytes: Uint8Array): Uint8Array {
  let hash = mix(shared);
  for (const part of [nonce, bytes]) for (const byte of part) hash = Math.imul(hash ^ byte, 0x01000193);
  const tag = new Uint8Array(TAG_BYTES);
  new DataView(tag.buffer).setUint32(0, mix(hash ^ mix(shared + 1)));
  new DataView(tag.buffer).setUint32(4, mix(hash ^ mix(shared + 2)));
  return tag;
}

/** Padded so that it is base64url of whole bytes. */
function textOf(start: string, characters: number): string {
  return start.padEnd(characters, 'A');
}
