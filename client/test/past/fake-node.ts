// One node of the fake ring: a Ring for the real PastNode, a driver for its outputs, and a disk.

import type { NodeStatus, Output } from '../../src/core/io.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { PastMessage } from '../../src/core/past/messages.ts';
import { PastNode } from '../../src/core/past/node.ts';
import type { Ring } from '../../src/core/past/ring.ts';
import { compareClockwise, isOnArc, type Key, type NodeId } from '../../src/core/pastry/id.ts';
import type { ReplyPayload, RoutedPayload } from '../../src/core/pastry/messages.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { Timers } from '../../src/core/timers.ts';
import { MESSAGE_MS, PULL_MS, ROUTE_MS, type World } from './world.ts';

interface Copy {
  readonly block: BlockRef;
  isCorrupt: boolean;
}

export class FakeNode implements Ring {
  readonly self: NodeHandle;
  readonly nodeId: NodeId;
  readonly timers = new Timers();
  readonly disk: Map<string, Copy>;
  /** Digests whose bytes this node can produce for a store. */
  readonly sources = new Set<string>();
  readonly outputs: Output[] = [];
  /** Messages in order of sending. */
  readonly sent: { readonly to: NodeId; readonly message: PastMessage }[] = [];
  readonly past: PastNode;
  status: NodeStatus = 'active';
  isFull = false;
  /** Messages to it vanish, as if it hung. */
  isDeaf = false;
  readonly #world: World;
  readonly #alive = new Map<NodeId, NodeHandle>();
  readonly #pulls = new Set<string>();
  #isDead = false;

  constructor(world: World, nodeId: NodeId, epoch: number, device: string, disk: Map<string, Copy>) {
    this.#world = world;
    this.nodeId = nodeId;
    this.self = { nodeId, epoch, device, coordinate: UNKNOWN_COORDINATE };
    this.disk = disk;
    this.past = new PastNode(this);
  }

  get params() {
    return this.#world.params;
  }

  get now() {
    return this.#world.now;
  }

  start(): void {
    this.past.handle({ type: 'start', sponsor: undefined, held: [...this.disk.values()].map((copy) => copy.block) });
  }

  store(request: number, block: BlockRef): void {
    this.sources.add(block.digest);
    this.past.handle({ type: 'store', request, block });
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

  covers(key: Key): boolean {
    if (this.#alive.size <= this.params.leafSetSize) return true;
    const { cw, ccw } = this.#halves();
    const start = ccw.at(-1)?.nodeId;
    const end = cw.at(-1)?.nodeId;
    return start === undefined || end === undefined || isOnArc(key, start, end);
  }

  send(to: NodeId, message: PastMessage): void {
    if (this.#isDead) return;
    this.sent.push({ to, message });
    if (this.#world.loses(to, message) || !this.canReach(to)) return;
    const copy = structuredClone(message);
    this.#world.later(MESSAGE_MS, () => {
      const target = this.#world.nodes.get(to);
      if (target !== undefined && !target.isDeaf) target.past.receive(this.nodeId, copy);
    });
  }

  route(
    key: Key,
    payload: RoutedPayload,
    timeoutMs: number,
    answered: (reply: ReplyPayload) => void,
    failed: () => void,
  ): void {
    this.#world.later(ROUTE_MS, () => {
      const root = this.#world.rootOf(key);
      const isUp = root !== undefined && !root.isDeaf && root.status === 'active';
      const reply = isUp ? this.#answer(root, key, payload) : undefined;
      const delay = reply === undefined ? timeoutMs : ROUTE_MS;
      this.#world.later(delay, () => {
        if (this.#isDead) return;
        if (reply === undefined) failed();
        else answered(reply);
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
    if (output.type === 'verify') this.#verify(output.digest);
    if (output.type === 'stop-pull') this.#pulls.delete(`${output.from} ${output.digest}`);
    if (output.type === 'pull') this.#pull(output.from, output.block, output.keep);
  }

  #answer(root: FakeNode, key: Key, payload: RoutedPayload): ReplyPayload {
    const own = this.past.forward(key, payload, [this.nodeId]);
    if (own !== undefined) return own;
    if (payload.kind === 'lookup') return { kind: 'found', route: [...new Set([this.nodeId, root.nodeId])] };
    const reply = root.past.deliver(key, payload, [this.nodeId, root.nodeId]);
    return reply ?? { kind: 'signal', data: '' };
  }

  #pull(from: NodeId, block: BlockRef, keep: boolean): void {
    const name = `${from} ${block.digest}`;
    this.#pulls.add(name);
    this.#world.later(PULL_MS, () => {
      if (this.#isDead || !this.#pulls.delete(name)) return;
      const source = this.#world.nodes.get(from);
      const copy = source?.disk.get(block.digest);
      const { digest } = block;
      if (!this.canReach(from) || (copy === undefined && source?.sources.has(digest) !== true)) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'aborted' });
      } else if (copy?.isCorrupt === true) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'corrupt' });
      } else if (keep && this.#world.malformed.has(digest)) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'malformed' });
      } else if (keep && this.isFull) {
        this.past.handle({ type: 'block-failed', from, digest, reason: 'full' });
      } else {
        if (keep) this.disk.set(digest, { block, isCorrupt: false });
        this.past.handle({ type: 'block-arrived', from, digest, kept: keep });
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
