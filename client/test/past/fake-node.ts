// One node of the fake ring: a Ring for the real PastNode, a driver for its outputs, and a disk. It may be made hostile: then
// it hears, answers, gives and keeps what it likes, but it cannot sign for others, nor hash what it does not have.

import type { NodeStatus, Output } from '../../src/core/io.ts';
import type { Side } from '../../src/core/past/beyond-leaves.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { Lease, Leased } from '../../src/core/past/lease.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import { PastNode } from '../../src/core/past/node.ts';
import type { PastPurpose } from '../../src/core/past/purposes.ts';
import type { Ring } from '../../src/core/past/ring.ts';
import { clockwiseDistance, compareClockwise, isOnArc, type Key, type NodeId } from '../../src/core/pastry/id.ts';
import type { ReplyPayload } from '../../src/core/pastry/messages.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import type { Outcome, Question } from '../../src/core/pastry/routing/requests.ts';
import type { PastTimer } from '../../src/core/timer-names.ts';
import { Timers } from '../../src/core/timers.ts';
import { hashOf, MESSAGE_MS, PROVE_MS, PULL_MS, RING_STARTED_MS, ROUTE_MS, type World, WRITE_MS } from './world.ts';

/** After so long a driver passes a silent holder over, milliseconds. */
const SILENT_MS = 1_500;

interface Copy {
  readonly block: BlockRef;
  isCorrupt: boolean;
}

export interface Disk {
  readonly copies: Map<string, Copy>;
  readonly leases: Map<string, Leased>;
}

export class FakeNode implements Ring {
  readonly self: NodeHandle;
  readonly nodeId: NodeId;
  readonly timers = new Timers<PastTimer>();
  readonly disk: Map<string, Copy>;
  /** Digests whose bytes this node can produce for a store. */
  readonly sources = new Set<string>();
  readonly outputs: Output[] = [];
  /** Messages in order of sending. */
  readonly sent: { readonly to: NodeId; readonly message: PastMessage }[] = [];
  readonly past: PastNode;
  /** What the disk keeps beside its blocks. */
  readonly leases: Map<string, Leased>;
  readonly counters = new Map<string, number>();
  /** False: its disk takes no leases. */
  writesLeases = true;
  /** By how much its clock is ahead. */
  clockErrorMs = 0;
  status: NodeStatus = 'active';
  isFull = false;
  /** Of its disk. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** Messages to it vanish, as if it hung. */
  isDeaf = false;
  /** Hostile: sees each message first; true if the PastNode is not to have it. */
  hears: (from: NodeId, message: PastMessage) => boolean = () => false;
  /** Hostile: answers as the root; 'honest' leaves it to the PastNode, undefined says nothing. */
  answers: (question: Question) => ReplyPayload | 'honest' | undefined = () => 'honest';
  /** Hostile: what others get that pull from it. */
  gives: 'bytes' | 'wrong bytes' | 'nothing' | 'no word' | 'no end' = 'bytes';
  /** Hostile: what it was given is gone at once, though its PastNode thinks that it is there. */
  keepsNothing = false;
  /** The user has given a fetch up: what comes of it is here no longer. */
  forgetsWhatCame = false;
  readonly #world: World;
  readonly #alive = new Map<NodeId, NodeHandle>();
  readonly #pulls = new Set<string>();
  /** What has just come for a fetch: its bytes are here while the PastNode hears of it. */
  #brought: string | undefined;
  #isDead = false;

  constructor(world: World, nodeId: NodeId, epoch: number, device: string, disk: Disk) {
    this.#world = world;
    this.nodeId = nodeId;
    this.self = { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
    this.disk = disk.copies;
    this.leases = disk.leases;
    this.past = new PastNode(this);
  }

  get params() {
    return this.#world.params;
  }

  get now() {
    return this.#world.now;
  }

  /** By its own clock. */
  ringTime(): number {
    return RING_STARTED_MS + this.#world.now + this.clockErrorMs;
  }

  count(cause: string): void {
    this.counters.set(cause, (this.counters.get(cause) ?? 0) + 1);
  }

  newId(): string {
    return this.#world.newId();
  }

  /** As a driver does after each write. */
  tellRoom(): void {
    this.past.handle({ type: 'room', freeBytes: this.capacityBytes - this.#usedBytes() });
  }

  start(): void {
    this.past.handle({ type: 'start', sponsor: undefined, held: this.blocks, leased: [...this.leases.values()] });
  }

  get blocks(): BlockRef[] {
    return [...this.disk.values()].map((copy) => copy.block);
  }

  store(request: number, block: BlockRef, lease: Lease = this.#world.lease('user', block)): void {
    this.sources.add(block.digest);
    this.past.handle({ type: 'store', request, block, lease });
  }

  fetch(request: number, block: BlockRef): void {
    this.past.handle({ type: 'fetch', request, block });
  }

  die(): void {
    this.#isDead = true;
    this.timers.clear();
  }

  knowAlive(nodes: Iterable<FakeNode>): void {
    for (const node of nodes) if (node !== this) this.#alive.set(node.nodeId, node.self);
  }

  hear(subject: FakeNode, isAlive: boolean): void {
    const before = this.#leafIds();
    const known = this.#alive.get(subject.nodeId);
    if (!isAlive && known?.epoch !== subject.self.epoch) return;
    if (isAlive) this.#alive.set(subject.nodeId, subject.self);
    else this.#alive.delete(subject.nodeId);
    if (!isAlive || known !== undefined) this.past.nodeFailed(subject.nodeId);
    if (this.#leafIds() !== before) this.past.leafSetChanged();
  }

  leaves(): readonly NodeHandle[] {
    const { cw, ccw } = this.#halves();
    return [...new Map([...cw, ...ccw].map((handle) => [handle.nodeId, handle])).values()];
  }

  half(side: Side): readonly NodeHandle[] | undefined {
    const { cw, ccw } = this.#halves();
    if (cw.some((leaf) => ccw.includes(leaf))) return undefined;
    return side === 'clockwise' ? cw : ccw;
  }

  covers(key: Key, radius = 0n): boolean {
    if (this.#alive.size <= this.params.leafSetSize) return true;
    const { cw, ccw } = this.#halves();
    const start = ccw.at(-1)?.nodeId;
    const end = cw.at(-1)?.nodeId;
    if (start === undefined || end === undefined) return true;
    return isOnArc(key, start, end) && clockwiseDistance(start, key) >= radius && clockwiseDistance(key, end) >= radius;
  }

  send(to: NodeId, message: PastMessage): void {
    if (this.#isDead) return;
    this.sent.push({ to, message });
    if (this.#world.loses(to, message) || !this.canReach(to)) return;
    const copy = this.#world.signed(this, structuredClone(message));
    this.#world.later(MESSAGE_MS, () => {
      const target = this.#world.nodes.get(to);
      if (target === undefined || target.isDeaf) return;
      const proved = this.#world.proved(copy);
      if (!target.hears(this.nodeId, proved)) target.past.receive(this.nodeId, proved);
    });
  }

  ask(key: Key, question: Question, timeoutMs: number, purpose: PastPurpose): void {
    this.#world.later(ROUTE_MS, () => {
      const root = this.#world.rootOf(key);
      const isUp = root !== undefined && !root.isDeaf && root.status === 'active';
      const reply = isUp ? this.#answer(root, key, question) : undefined;
      const delay = reply === undefined ? timeoutMs : ROUTE_MS;
      this.#world.later(delay, () => {
        if (this.#isDead) return;
        this.past.settled(purpose, outcomeOf(reply));
      });
    });
  }

  isUnreachable(nodeId: NodeId): boolean {
    return this.#world.linksKnownToFail && !this.canReach(nodeId);
  }

  /** Over a link, or as a leaf through a carrier. */
  canReach(to: NodeId): boolean {
    return !this.#world.apart.has(`${this.nodeId} ${to}`) || this.leaves().some(({ nodeId }) => nodeId === to);
  }

  emit(output: Output): void {
    if (this.#isDead) return;
    this.outputs.push(output);
    if (output.type === 'drop') this.disk.delete(output.digest);
    if (output.type === 'keep-leases') this.#keepLeases(output.leased);
    if (output.type === 'verify') this.#verify(output.digest);
    if (output.type === 'prove') this.#prove(output.digest, output.salt);
    if (output.type === 'stop-pull') this.#pulls.delete(`${output.from} ${output.digest}`);
    if (output.type === 'pull') this.#pull(output.from, output.block, output);
  }

  #keepLeases(leased: Leased): void {
    const { digest } = leased.block;
    const isKept = this.writesLeases;
    if (!isKept)
      return void this.#world.later(WRITE_MS, () => this.past.handle({ type: 'leases-kept', digest, isKept }));
    if (leased.leases.length === 0) this.leases.delete(digest);
    else this.leases.set(digest, leased);
    this.#world.later(WRITE_MS, () => {
      if (!this.#isDead) this.past.handle({ type: 'leases-kept', digest, isKept });
    });
  }

  #answer(root: FakeNode, key: Key, question: Question): ReplyPayload | undefined {
    const own = this.past.forward(key, question, [this.nodeId]);
    if (own !== undefined) return own;
    const answer = root === this ? 'honest' : root.answers(question);
    if (answer !== 'honest') return answer;
    if (question.kind === 'lookup') return { kind: 'found', route: [...new Set([this.nodeId, root.nodeId])] };
    const reply = root.past.deliver(key, question, [this.nodeId, root.nodeId]);
    return reply ?? { kind: 'signal', data: '' };
  }

  #pull(from: NodeId, block: BlockRef, { keep, hurry }: { readonly keep: boolean; readonly hurry: boolean }): void {
    const name = `${from} ${block.digest}`;
    this.#pulls.add(name);
    if (hurry && this.#world.nodes.get(from)?.gives === 'no word') {
      this.#world.later(SILENT_MS, () => {
        if (this.#pulls.delete(name))
          this.past.handle({ type: 'block-failed', from, digest: block.digest, reason: 'silent' });
      });
      return;
    }
    const isBrought = from === this.nodeId && block.digest === this.#brought;
    this.#world.later(isBrought ? 0 : PULL_MS, () => {
      const source = this.#world.nodes.get(from);
      if (this.#isDead || source?.gives === 'no word' || source?.gives === 'no end' || !this.#pulls.delete(name))
        return;
      const copy = source?.disk.get(block.digest);
      const { digest } = block;
      const isThere =
        isBrought || copy !== undefined || source?.sources.has(digest) === true || source?.gives === 'wrong bytes';
      if (!this.canReach(from) || !isThere || source?.gives === 'nothing') {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'aborted' });
      } else if (copy?.isCorrupt === true || source?.gives === 'wrong bytes') {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'corrupt' });
      } else if (keep && this.#world.malformed.has(digest)) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'malformed' });
      } else if (keep && (this.isFull || this.#usedBytes() + block.size > this.capacityBytes)) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'full' });
      } else {
        if (keep && !this.keepsNothing) this.disk.set(digest, { block, isCorrupt: false });
        if (keep && this.capacityBytes < Number.POSITIVE_INFINITY) this.tellRoom();
        this.#brought = keep || this.forgetsWhatCame ? undefined : digest;
        this.past.handle({ type: 'block-arrived', from, digest, kept: keep });
        this.#brought = undefined;
      }
    });
  }

  #verify(digest: string): void {
    this.#world.later(PULL_MS, () => {
      if (this.#isDead || this.disk.get(digest)?.isCorrupt !== true) return;
      this.disk.delete(digest);
      this.past.handle({ type: 'block-lost', digest });
    });
  }

  #usedBytes(): number {
    let used = 0;
    for (const { block } of this.disk.values()) used += block.size;
    return used;
  }

  #prove(digest: string, salt: string): void {
    this.#world.later(PROVE_MS, () => {
      if (this.#isDead) return;
      const copy = this.disk.get(digest);
      const isThere = copy !== undefined && !copy.isCorrupt;
      if (!isThere && !this.keepsNothing) {
        this.disk.delete(digest);
        this.past.handle({ type: 'block-lost', digest });
      }
      this.past.handle({ type: 'proved', digest, salt, hash: isThere ? hashOf(salt, digest) : undefined });
    });
  }

  #halves(): { cw: NodeHandle[]; ccw: NodeHandle[] } {
    const sorted = [...this.#alive.values()].sort((a, b) => compareClockwise(this.nodeId, a.nodeId, b.nodeId));
    const half = this.params.leafSetSize / 2;
    return { cw: sorted.slice(0, half), ccw: sorted.reverse().slice(0, half) };
  }

  #leafIds(): string {
    return this.leaves()
      .map(({ nodeId }) => nodeId)
      .sort()
      .join();
  }
}

function outcomeOf(reply: ReplyPayload | undefined): Outcome {
  if (reply === undefined) return { type: 'failed', reason: 'timed-out' };
  if (reply.kind === 'found' || reply.kind === 'holders') return { type: 'answered', reply };
  return { type: 'failed', reason: 'bad-reply' };
}
