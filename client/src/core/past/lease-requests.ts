// The owner's side of a new lease, or of a tombstone: it goes to the root of the block, to the members of its replica set
// and to whoever else is known to hold it, and each answers for itself (P46).

import type { RequestId } from '../io.ts';
import type { NodeId } from '../pastry/id.ts';
import { type Outcome, routeOf } from '../pastry/routing/requests.ts';
import type { PastTimer } from '../timer-names.ts';
import { type BlockRef, elsewhere } from './block.ts';
import type { PastContext } from './context.ts';
import type { Lease } from './lease.ts';
import type { LeasesTaken } from './messages.ts';
import type { PurposeOf } from './purposes.ts';

const LOOKUP_TIMEOUT_MS = 15_000;
/** A leaf answers sooner; to another node a link is opened first. */
const ANSWER_TIMEOUT_MS = 10_000;
/** How often those are asked that did not answer. */
const ROUNDS = 3;
/** k is at most 16, and a few more may hold displaced copies. */
const MAX_ASKED = 24;

interface Session {
  readonly request: RequestId;
  /** At the place where it is looked for. */
  block: BlockRef;
  /** Where it is looked for if those that should hold it say that they do not. */
  readonly places: BlockRef[];
  readonly lease: Lease;
  readonly asked: Set<NodeId>;
  /** Of them, those that are yet to answer. */
  readonly pending: Set<NodeId>;
  readonly kept: Set<NodeId>;
  /** Who should hold the block, as somebody has said who can judge; others may be gone with their copies. */
  readonly members: Set<NodeId>;
  round: number;
}

export class LeaseRequests {
  readonly #context: PastContext;
  readonly #holdersOf: (digest: string) => Iterable<NodeId>;
  readonly #sessionByRequest = new Map<RequestId, Session>();

  /** `holdersOf`: other nodes that are known to hold a block. */
  constructor(context: PastContext, holdersOf: (digest: string) => Iterable<NodeId>) {
    this.#context = context;
    this.#holdersOf = holdersOf;
  }

  /** This node has left, or is about to. */
  refuse(request: RequestId): void {
    this.#context.ring.emit({ type: 'leased', request, asked: [], kept: [] });
  }

  begin({ request, block, lease }: Pick<Session, 'request' | 'block' | 'lease'>): void {
    const sets = {
      asked: new Set<NodeId>(),
      pending: new Set<NodeId>(),
      kept: new Set<NodeId>(),
      members: new Set<NodeId>(),
    };
    const session: Session = { request, block, places: [...elsewhere(block)], lease, ...sets, round: 0 };
    this.#sessionByRequest.set(request, session);
    this.#look(session);
  }

  /** The ring was asked for the root. */
  rootFound({ request }: PurposeOf<'lease-root'>, outcome: Outcome): void {
    const session = this.#sessionByRequest.get(request);
    if (session !== undefined) this.#ask(session, routeOf(outcome)?.at(-1));
  }

  /** A node says which leases it knows. */
  answered(from: NodeId, { leased, members }: LeasesTaken): void {
    for (const { digest, owner, serial } of leased) {
      for (const session of [...this.#sessionByRequest.values()]) {
        const { lease } = session;
        if (lease.digest !== digest || lease.owner !== owner || !session.asked.has(from)) continue;
        // Whose disk was slow answers an earlier lease still; who knows this owner takes the later one too, and says so.
        if (serial > 0 && serial < lease.serial) continue;
        session.pending.delete(from);
        for (const member of members) session.members.add(member);
        if (serial >= lease.serial) session.kept.add(from);
        this.#tell(
          session,
          members.filter((member) => !session.asked.has(member)),
        );
        if (session.pending.size === 0) this.#allAnswered(session);
      }
    }
  }

  nodeFailed(nodeId: NodeId): void {
    for (const session of [...this.#sessionByRequest.values()]) {
      if (!session.asked.delete(nodeId)) continue;
      session.kept.delete(nodeId);
      if (session.pending.delete(nodeId) && session.pending.size === 0 && session.asked.size > 0) this.#end(session);
    }
  }

  failAll(): void {
    for (const session of [...this.#sessionByRequest.values()]) this.#end(session);
  }

  #look(session: Session): void {
    session.round += 1;
    // Who sees the whole replica set needs nobody to name it.
    const members = this.#context.wholeReplicaSet(this.#context.view(), session.block.key);
    if (members !== undefined) return this.#ask(session, undefined);
    const purpose = { type: 'lease-root', request: session.request } as const;
    this.#context.ring.ask(session.block.key, { kind: 'lookup' }, LOOKUP_TIMEOUT_MS, purpose);
  }

  #ask(session: Session, root: NodeId | undefined): void {
    const { held, self } = this.#context;
    const { digest, key } = session.block;
    const members = this.#context.wholeReplicaSet(this.#context.view(), key) ?? [];
    for (const member of members) session.members.add(member);
    if (root !== undefined) session.members.add(root);
    const own = held.has(digest) ? [self] : [];
    const targets = [...(root === undefined ? [] : [root]), ...members, ...own, ...this.#holdersOf(digest)];
    this.#context.after(timerName(session), ANSWER_TIMEOUT_MS, () => this.#isLate(session));
    this.#tell(session, [...targets, ...session.pending]);
  }

  /** All of them are awaited before the first is told: this node may be one, and answers at once. */
  #tell({ asked, pending, kept, block, lease }: Session, targets: readonly NodeId[]): void {
    const told = new Set<NodeId>();
    for (const target of targets) {
      if (kept.has(target) || (!asked.has(target) && asked.size >= MAX_ASKED)) continue;
      asked.add(target);
      pending.add(target);
      told.add(target);
    }
    for (const target of told) this.#context.tell(target, { type: 'leases', blocks: [block], leases: [lease] });
  }

  #isLate(session: Session): void {
    const isWorthwhile = [...session.pending].some((nodeId) => session.members.has(nodeId));
    if (session.round < ROUNDS && (isWorthwhile || session.kept.size === 0)) this.#look(session);
    else this.#end(session);
  }

  #allAnswered(session: Session): void {
    const next = session.kept.size === 0 ? session.places.shift() : undefined;
    if (next === undefined) return this.#end(session);
    session.block = next;
    session.asked.clear();
    session.members.clear();
    session.round = 0;
    this.#look(session);
  }

  #end(session: Session): void {
    if (!this.#sessionByRequest.delete(session.request)) return;
    this.#context.cancel(timerName(session));
    const { request, asked, kept } = session;
    this.#context.ring.emit({ type: 'leased', request, asked: [...asked], kept: [...kept] });
  }
}

function timerName({ request }: Session): PastTimer {
  return { kind: 'lease', key: request };
}
