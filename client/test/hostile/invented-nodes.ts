// Invents nodes beside the place of each node of the ring, and speaks for them through relays: sealed well, with certificates
// that another ring's key has signed, and with its own certificate in their name.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { idAfter } from '../../src/core/pastry/id.ts';
import type { Direct } from '../../src/core/pastry/messages.ts';
import type { Sealed } from '../../src/core/sealed.ts';
import { CertificateBook } from '../../src/gate/certificate-book.ts';
import { Seals } from '../../src/gate/seals.ts';
import { Authority } from '../trust/authority.ts';
import type { HostilePeer } from './hostile-peer.ts';

export class InventedNodes {
  readonly #hostile: HostilePeer;
  readonly #authority: Authority;
  readonly #sealedByVictim = new Map<NodeId, readonly Claim[]>();

  private constructor(hostile: HostilePeer, authority: Authority) {
    this.#hostile = hostile;
    this.#authority = authority;
  }

  /** `count` beside each of `victims`, that speak of blocks with these digests. */
  static async make(
    hostile: HostilePeer,
    victims: readonly NodeId[],
    count: number,
    digests: readonly string[],
  ): Promise<InventedNodes> {
    const invented = new InventedNodes(hostile, await Authority.create());
    for (const victim of victims) await invented.#invent(victim, count, digests);
    return invented;
  }

  get ids(): readonly NodeId[] {
    return [...this.#sealedByVictim.values()].flat().map(({ nodeId }) => nodeId);
  }

  /** All that they say, once. Returns how much of it left. */
  speak(): number {
    let said = 0;
    for (const [victim, claims] of this.#sealedByVictim) {
      for (const { nodeId, sealed } of claims) {
        if (this.#hostile.say(victim, { type: 'relay', direction: 'from', peer: nodeId, sealed })) said += 1;
      }
    }
    return said;
  }

  async #invent(victim: NodeId, count: number, digests: readonly string[]): Promise<void> {
    const claims: Claim[] = [];
    for (let step = 1; step <= count; step += 1) {
      const nodeId = idAfter(victim, BigInt(step));
      for (const sealed of await this.#sealed(nodeId, victim, digests)) claims.push({ nodeId, sealed });
    }
    this.#sealedByVictim.set(victim, claims);
  }

  async #sealed(nodeId: NodeId, victim: NodeId, digests: readonly string[]): Promise<readonly Sealed[]> {
    const { codec, discovery } = this.#hostile;
    const { ringKey, encoded } = discovery.credentials;
    const book = new CertificateBook();
    book.add(this.#hostile.certificateOf(victim));
    const false_ = await this.#authority.credentials(nodeId, { device: 'invented' });
    const { certificate, keys } = false_;
    const seals = new Seals(
      {
        ...{ ringKey, certificate, encoded: false_.encoded, keys },
        sign: (kind, parts) => false_.sign(kind, parts),
        verify: (whose, signature, kind, parts) => false_.verify(whose, signature, kind, parts),
        check: (text) => false_.check(text),
      },
      codec,
      book,
    );
    const sealed = await Promise.all(this.#lies(nodeId, digests).map((message) => seals.seal(message, victim)));
    const own = sealed.filter((one) => one !== undefined);
    return [...own, ...own.map((one) => ({ ...one, certificate: encoded }))];
  }

  /** Everything that could make others believe in it, and drop what they hold. */
  #lies(nodeId: NodeId, digests: readonly string[]): readonly Direct[] {
    const self = { ...this.#hostile.handleOf(nodeId), epoch: 1, device: 'invented' };
    const news = { type: 'leaf-set', self, members: [], failed: [], nonce: 0 } as const;
    return [
      { type: 'ping', nonce: 1, self },
      { type: 'pong', nonce: 1, self },
      { ...news, asks: true },
      { ...news, asks: false },
      { type: 'holding', digests, receipts: [] },
      ...digests.map((digest) => ({ type: 'copies', digest, holders: [nodeId], receipts: [], wanted: 3 }) as const),
    ];
  }
}

interface Claim {
  readonly nodeId: NodeId;
  readonly sealed: Sealed;
}
