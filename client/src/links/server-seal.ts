// The seals of one link over the Discovery node: a key for each direction that only the two certified ends can make (X25519,
// HKDF, AES-256-GCM), over both ends' nonces, so that it is of this link alone. Pieces come in order, so their numbers are not
// sent: what is dropped, doubled, put elsewhere or made up does not open, and ends the link.

import type { Certificate } from '../trust/certificate.ts';
import type { Credentials } from '../trust/credentials.ts';
import type { SealKey } from '../trust/key-suite.ts';

const NONCE_BYTES = 12;
/** What GCM adds. */
export const SEAL_BYTES = 16;

export interface LinkEnds {
  readonly credentials: Pick<Credentials, 'certificate' | 'keys' | 'ringKey'>;
  readonly other: Certificate;
  readonly ownNonce: string;
  readonly otherNonce: string;
}

export class ServerSeal {
  readonly #out: SealKey;
  readonly #in: SealKey;
  #sent = 0;
  #taken = 0;

  private constructor(outward: SealKey, inward: SealKey) {
    this.#out = outward;
    this.#in = inward;
  }

  /** Undefined if the certificate's key is none. */
  static async agree({ credentials, other, ownNonce, otherNonce }: LinkEnds): Promise<ServerSeal | undefined> {
    const { certificate: own, keys, ringKey } = credentials;
    const [self, peer] = [endOf(own, ownNonce), endOf(other, otherNonce)];
    const about = (from: typeof self, to: typeof self): string =>
      JSON.stringify(['tabring 2', 'server relay', ringKey, ...from, ...to]);
    try {
      const agreed = [about(self, peer), about(peer, self)].map((words) => keys.agree(other.agreeKey, words));
      const [outward, inward] = await Promise.all(agreed);
      return outward === undefined || inward === undefined ? undefined : new ServerSeal(outward, inward);
    } catch {
      return undefined; // 32 bytes that are no key
    }
  }

  /** To be handed on in the order of the calls. */
  seal(bytes: Uint8Array): Promise<Uint8Array> {
    this.#sent += 1;
    return this.#out.seal(nonceOf(this.#sent), bytes);
  }

  /** What the other end sealed next; undefined for anything else. One at a time. */
  async open(sealed: Uint8Array): Promise<Uint8Array | undefined> {
    const opened = await this.#in.unseal(nonceOf(this.#taken + 1), sealed);
    if (opened !== undefined) this.#taken += 1;
    return opened;
  }
}

function endOf({ nodeId, epoch }: Certificate, nonce: string): readonly [string, number, string] {
  return [nodeId, epoch, nonce];
}

/** 96 bits, big-endian. */
function nonceOf(number: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setBigUint64(NONCE_BYTES - 8, BigInt(number));
  return nonce;
}
