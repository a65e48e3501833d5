// Nodes that a member invents and speaks for, through relays: with certificates that another ring's key has signed, or with its
// own in their name. It hears what is said to them and answers as a node would that is there and holds everything.
// Links to them fail as those to a true node to which there is no path: whoever took their words for those of a node that
// exists would keep them for leaves.

import type { Message } from '../../src/core/messages.ts';
import { closestIds, idAfter, type NodeId } from '../../src/core/pastry/id.ts';
import type { Direct } from '../../src/core/pastry/messages.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { CertificateBook } from '../../src/gate/certificate-book.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { Seals } from '../../src/gate/seals.ts';
import type { Authority } from '../trust/authority.ts';
import { codec, rogueLinks, send } from './hostile-members.ts';
import { DIGITS, id } from './ids.ts';
import type { TestRing } from './ring.ts';
import { schemeOf } from './scheme-of.ts';

/** Claims between two looks whether the victim still listens. */
const BATCH = 24;
/** Of one minute to one victim that goes on listening. */
const MAX_CLAIMS = 480;
/** k. */
const COPIES = 3;

/** Ids beside another, `count` on each side. */
export function besides(place: NodeId, count: number): readonly NodeId[] {
  const steps = Array.from({ length: count }, (_, index) => BigInt(index + 1));
  return steps.flatMap((step) => [idAfter(place, step), idAfter(place, -step)]);
}

/** Whose certificate they show: one that another ring's key has signed for them, or the member's own. */
export type Shown = 'foreign' | 'own';

interface Invented {
  readonly mouth: Seals;
  readonly ear: Seals;
  readonly handle: NodeHandle;
}

export class InventedCrowd {
  readonly #ring: TestRing;
  readonly #foreign: Authority;
  readonly #shown: Shown;
  readonly #book = new CertificateBook();
  readonly #inventedById = new Map<NodeId, Invented>();
  readonly #idsByVictim = new Map<NodeId, readonly NodeId[]>();
  /** Of what they say that they hold. */
  readonly #digests: readonly string[];
  readonly #closestByDigest = new Map<string, readonly NodeId[]>();
  #turn = 0;
  /** Messages that were meant for them: none as long as nobody believes in them. */
  heard = 0;

  private constructor(ring: TestRing, foreign: Authority, shown: Shown, digests: readonly string[]) {
    this.#ring = ring;
    this.#foreign = foreign;
    this.#shown = shown;
    this.#digests = digests;
  }

  /** `idsByVictim`: to whom each is to be real. `foreign`: whose key has signed for them. */
  static async make(
    ring: TestRing,
    foreign: Authority,
    shown: Shown,
    idsByVictim: ReadonlyMap<NodeId, readonly NodeId[]>,
    digests: readonly string[],
  ): Promise<InventedCrowd> {
    const crowd = new InventedCrowd(ring, foreign, shown, digests);
    for (const [victim, ids] of idsByVictim) {
      const credentials = ring.network.find(victim)?.credentials;
      if (credentials === undefined) throw new Error(`nobody is ${victim}`);
      crowd.#book.add(credentials.certificate);
      for (const nodeId of ids) await crowd.#invent(nodeId, victim);
      crowd.#idsByVictim.set(victim, ids);
    }
    rogueLinks(ring).tap = (from, bytes) => crowd.#tapped(from, bytes);
    return crowd;
  }

  /** As much of all that they say as each victim listens to; the next time from where that ended. */
  async speak(): Promise<void> {
    this.#turn += 1;
    const links = rogueLinks(this.#ring);
    for (const victim of this.#idsByVictim.keys()) links.connect(victim);
    await this.#ring.time.pass(100);
    for (const victim of this.#idsByVictim.keys()) await this.#speakTo(victim);
  }

  async #speakTo(victim: NodeId): Promise<void> {
    const claims = (this.#idsByVictim.get(victim) ?? []).flatMap((nodeId) =>
      this.#lies(nodeId).map((lie) => ({ nodeId, lie })),
    );
    const isOpen = (): boolean =>
      rogueLinks(this.#ring)
        .links()
        .some(({ nodeId, state }) => nodeId === victim && state === 'open');
    for (let said = 0; said < Math.min(claims.length, MAX_CLAIMS) && isOpen(); said += BATCH) {
      for (let index = said; index < said + BATCH; index += 1) {
        const claim = claims[(this.#turn * BATCH + index) % claims.length];
        if (claim === undefined) return;
        await this.#say(victim, claim.nodeId, claim.lie);
      }
      await this.#ring.time.pass(5);
    }
  }

  /** Sealed so that the victim can open it if it takes the certificate. */
  async #say(victim: NodeId, nodeId: NodeId, lie: Message): Promise<void> {
    const sealed = await this.#inventedById.get(nodeId)?.mouth.seal(lie, victim);
    if (sealed !== undefined) send(this.#ring, victim, { type: 'relay', direction: 'from', peer: nodeId, sealed });
  }

  async #invent(nodeId: NodeId, victim: NodeId): Promise<void> {
    this.#ring.network.part(nodeId, victim);
    if (this.#inventedById.has(nodeId)) return;
    const { credentials } = rogueLinks(this.#ring);
    const isOwn = this.#shown === 'own';
    const shown = schemeOf(isOwn ? credentials : await this.#foreign.credentials(nodeId, { device: 'invented' }));
    const { ringKey } = credentials;
    const scheme: Scheme = { ...shown, ringKey, check: (text) => credentials.check(text) };
    // What its victims would make keys of to answer it.
    const claimed = { ...scheme, certificate: { ...scheme.certificate, nodeId } };
    this.#ring.network.join(claimed);
    const { epoch, device } = claimed.certificate;
    this.#inventedById.set(nodeId, {
      mouth: new Seals(scheme, codec, this.#book),
      ear: new Seals(claimed, codec, this.#book),
      handle: { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE },
    });
  }

  #tapped(from: NodeId, bytes: Uint8Array): void {
    const frame = codec.decode(bytes);
    if (frame.kind !== 'message' || frame.message.type !== 'relay' || frame.message.direction !== 'to') return;
    const { peer: nodeId, sealed } = frame.message;
    const opened = this.#inventedById.get(nodeId)?.ear.open(sealed, from);
    void Promise.resolve(opened).then((known) => {
      if (known === undefined || 'what' in known) return;
      this.heard += 1;
      for (const answer of this.#answers(nodeId, known.message)) void this.#say(from, nodeId, answer);
    });
  }

  #answers(nodeId: NodeId, message: Direct): readonly Direct[] {
    const self = this.#handleOf(nodeId);
    switch (message.type) {
      case 'ping':
        return [{ type: 'pong', nonce: message.nonce, self }];
      case 'leaf-set':
        if (!message.asks) return [];
        return [{ type: 'leaf-set', self, members: [], failed: [], asks: false, nonce: message.nonce }];
      case 'offer':
        return this.#claims(message.blocks.map(({ digest }) => digest));
      case 'prove':
        return [{ type: 'proof', digest: message.digest, nonce: message.nonce, hash: 'f'.repeat(64) }];
      default:
        return [];
    }
  }

  /** Everything that an invented node could say to be believed, and to have others drop their copies. */
  #lies(nodeId: NodeId): readonly Direct[] {
    const self = this.#handleOf(nodeId);
    const news = { type: 'leaf-set', self, members: [], failed: [], nonce: 0 } as const;
    return [
      { type: 'ping', nonce: 1, self },
      { type: 'pong', nonce: 1, self },
      { ...news, asks: true },
      { ...news, asks: false },
      ...this.#claims(this.#digests),
    ];
  }

  #claims(digests: readonly string[]): readonly Direct[] {
    const copies = digests.map((digest) => {
      return { type: 'copies', digest, holders: this.#closest(digest), receipts: [], wanted: COPIES } as const;
    });
    return [{ type: 'holding', digests, receipts: [] }, ...copies];
  }

  /** Of all of them, those that should hold the block. */
  #closest(digest: string): readonly NodeId[] {
    const known = this.#closestByDigest.get(digest);
    const closest = known ?? closestIds(id(digest.slice(0, DIGITS)), this.#inventedById.keys(), COPIES);
    this.#closestByDigest.set(digest, closest);
    return closest;
  }

  #handleOf(nodeId: NodeId): NodeHandle {
    const invented = this.#inventedById.get(nodeId);
    if (invented === undefined) throw new Error(`${nodeId} is not invented`);
    return invented.handle;
  }
}
