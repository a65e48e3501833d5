// A ring of storage layers without Pastry: every node knows who is alive (after a while), messages travel through one
// queue under virtual time, and pulls are answered by disks in memory. Deterministic; nothing in it is random.

import type { Output } from '../../src/core/io.ts';
import type { BlockRef } from '../../src/core/past/block.ts';
import { KEEP_DISPLACED_MS } from '../../src/core/past/drop-judgement.ts';
import { type Lease, leaseParts, UNOWNED, unownedLease } from '../../src/core/past/lease.ts';
import type { Offer, PastMessage } from '../../src/core/past/messages.ts';
import { type SlipStatement, statementsIn, withProofs } from '../../src/core/past/receipts.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import { type Id, isId, type NodeId, ringDistance } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS, type RingParams } from '../../src/core/pastry/params.ts';
import { Random } from '../../src/core/random.ts';
import { FakeNode } from './fake-node.ts';

export const MESSAGE_MS = 10;
/** The ring's time when a world begins. */
export const RING_STARTED_MS = 1_800_000_000_000;
/** Of blocks whose leases no test is about. */
export const LEASE_MS = 7 * 24 * 60 * 60_000;
export const ROUTE_MS = 25;
export const PULL_MS = 40;
export const PROVE_MS = 5;
export const WRITE_MS = 1;
/** By then a copy that others are to hold is dropped: the next round but one sees the proofs. */
export const UNTIL_DROPPED_MS = KEEP_DISPLACED_MS + 2 * ROUND_MS;
const JOIN_SEEN_MS = 50;
const DEATH_SEEN_MS = 1_000;

interface Event {
  readonly at: number;
  readonly run: () => void;
}

export class World {
  now = 0;
  /** Which messages get lost on the way. */
  loses: (to: NodeId, message: PastMessage) => boolean = () => false;
  /** Digests of blocks whose bytes are no name record. */
  readonly malformed = new Set<string>();
  /** Pairs that no link joins, both ways. */
  readonly apart = new Set<string>();
  /** True if nodes have tried links to those and seen them fail. */
  linksKnownToFail = false;
  readonly params: RingParams;
  readonly nodes = new Map<NodeId, FakeNode>();
  readonly #random = new Random(1);
  /** What nodes have signed. */
  readonly #signed = new Set<string>();
  readonly #events: Event[] = [];
  #epochs = 0;

  constructor(params: Partial<RingParams> = {}) {
    this.params = { ...DEFAULT_RING_PARAMS, digits: 4, ...params };
  }

  /** A node comes up, with what is on its disk; the others see it soon after. */
  join(
    name: string,
    options: { readonly device?: string; readonly disk?: FakeNode['disk']; readonly leases?: FakeNode['leases'] } = {},
  ): FakeNode {
    this.#epochs += 1;
    const nodeId = id(name, this.params.digits);
    const device = options.device ?? `device of ${name}`;
    const node = new FakeNode(this, nodeId, this.#epochs, device, {
      copies: options.disk ?? new Map(),
      leases: options.leases ?? new Map(),
    });
    this.nodes.set(nodeId, node);
    node.knowAlive(this.nodes.values());
    node.start();
    this.later(JOIN_SEEN_MS, () => this.#tellAll(node, true));
    return node;
  }

  joinAll(names: readonly string[]): FakeNode[] {
    return names.map((name) => this.join(name));
  }

  /** Dies without a word; the others notice after a second. */
  kill(node: FakeNode): void {
    node.die();
    this.nodes.delete(node.nodeId);
    this.later(DEATH_SEEN_MS, () => this.#tellAll(node, false));
  }

  /** Hands over and goes; the others hear it at once. */
  leave(node: FakeNode): void {
    node.past.leaving(() => {
      node.die();
      this.nodes.delete(node.nodeId);
      this.later(MESSAGE_MS, () => this.#tellAll(node, false));
    });
  }

  /** Dies and comes back at once with its disk, before anybody has noticed. */
  reload(node: FakeNode): FakeNode {
    node.die();
    return this.join(node.nodeId, { device: node.self.device, disk: node.disk, leases: node.leases });
  }

  newId(): string {
    return Array.from({ length: 32 }, () => Math.floor(this.#random.next() * 16).toString(16)).join('');
  }

  /** A message on its way out, with what is the node's own in it signed, as by the gate. */
  signed(node: FakeNode, message: PastMessage): PastMessage {
    const { nodeId: by, device } = node.self;
    const proofs = statementsIn(message).map((statement) => {
      if (statement.proof !== undefined) return statement.proof;
      const signature = signatureOf(statement, by, device);
      this.#signed.add(signature);
      return { by, device, certificate: `of ${by}`, signature };
    });
    return withProofs(message, proofs);
  }

  /** A lease as its owner signs it. */
  lease(owner: string, { digest }: BlockRef, terms: Partial<Lease> = {}): Lease {
    const expires = RING_STARTED_MS + this.now + LEASE_MS;
    const lease: Lease = { digest, owner, expires, serial: 1, ends: false, signature: 'signed', ...terms };
    this.#signed.add(leaseName(lease));
    return lease;
  }

  /** A message on its way in, without what is not proved in it. */
  proved(whole: PastMessage): PastMessage {
    const message =
      'leases' in whole ? { ...whole, leases: whole.leases.filter((lease) => this.#isTrue(lease)) } : whole;
    const proofs = statementsIn(message).map((statement) => {
      const { proof } = statement;
      const isTrue = proof !== undefined && this.#signed.has(signatureOf(statement, proof.by, proof.device));
      return isTrue ? proof : undefined;
    });
    return withProofs(message, proofs);
  }

  #isTrue(lease: Lease): boolean {
    return lease.owner === UNOWNED || this.#signed.has(leaseName(lease));
  }

  /** What others hold against a node. */
  misdeedsOf(name: string): string[] {
    const outputs = [...this.nodes.values()].flatMap((node) => outputsOf(node, 'misdeed'));
    return outputs.filter(({ nodeId }) => nodeId === id(name)).map(({ what }) => what);
  }

  later(delayMs: number, run: () => void): void {
    this.#events.push({ at: this.now + delayMs, run });
  }

  /** Lets `ms` of virtual time pass. */
  run(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const event = this.#nextEvent();
      const timer = this.#nextTimer();
      const at = Math.min(event?.at ?? Infinity, timer?.timers.earliest ?? Infinity);
      if (at > end) break;
      this.now = Math.max(this.now, at);
      if (event !== undefined && event.at === at) {
        this.#events.splice(this.#events.indexOf(event), 1);
        event.run();
      } else {
        timer?.timers.fireDue(this.now);
      }
    }
    this.now = end;
  }

  /** Ids of live nodes that have the block on disk, ascending. */
  holders(block: BlockRef): NodeId[] {
    return [...this.nodes.values()]
      .filter((node) => node.disk.has(block.digest))
      .map((node) => node.nodeId)
      .sort();
  }

  /** The replica set as a dumb function of all live nodes: sort, then one for each device, then the rest; ascending. */
  expectedHolders(block: BlockRef): NodeId[] {
    const k = Math.min(this.params.replicas, this.params.leafSetSize / 2 + 1);
    return closestOnDistinctDevices(
      block.key,
      [...this.nodes.values()].map((node) => node.self),
      k,
    ).sort();
  }

  rootOf(key: Id): FakeNode | undefined {
    const [root] = closestOnDistinctDevices(
      key,
      [...this.nodes.values()].map((node) => node.self),
      1,
    );
    return root === undefined ? undefined : this.nodes.get(root);
  }

  keepApart(a: string, b: string): void {
    this.apart.add(`${id(a)} ${id(b)}`).add(`${id(b)} ${id(a)}`);
  }

  node(name: string): FakeNode {
    const node = this.nodes.get(id(name));
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  #tellAll(subject: FakeNode, isAlive: boolean): void {
    for (const node of [...this.nodes.values()]) if (node !== subject) node.hear(subject, isAlive);
  }

  #nextEvent(): Event | undefined {
    let next: Event | undefined;
    for (const event of this.#events) if (next === undefined || event.at < next.at) next = event;
    return next;
  }

  #nextTimer(): FakeNode | undefined {
    let next: FakeNode | undefined;
    for (const node of this.nodes.values()) {
      const earliest = node.timers.earliest;
      if (earliest !== undefined && earliest < (next?.timers.earliest ?? Infinity)) next = node;
    }
    return next;
  }
}

function leaseName(lease: Lease): string {
  return JSON.stringify(['lease', lease.owner, ...leaseParts(lease)]);
}

function signatureOf({ kind, parts }: SlipStatement, by: NodeId, device: string): string {
  return JSON.stringify([kind, by, device, ...parts]);
}

/** What a disk that holds the block makes of it; no test gives it to a node that does not. */
export function hashOf(salt: string, digest: string): string {
  return `hash of ${salt} and ${digest}`;
}

/** An id from the digits it starts with. */
export function id(prefix: string, digits = 4): Id {
  const padded = prefix.padEnd(digits, '0');
  if (!isId(padded, digits)) throw new Error(`no id: ${prefix}`);
  return padded;
}

/** A block at `key`; the digest is its own, whatever the key. */
export function block(key: string, number = 0): BlockRef {
  return { key: id(key), digest: `${id(key)}${number.toString(16).padStart(60, '0')}`, size: 1_000 };
}

/** Nobody's lease for each of these blocks. */
export function unowned(blocks: readonly BlockRef[]): Lease[] {
  return blocks.map(({ digest }) => unownedLease(digest, RING_STARTED_MS + LEASE_MS));
}

export function offer(blocks: readonly BlockRef[], intent: Offer['intent'], orders: Offer['orders'] = []): Offer {
  return { type: 'offer', blocks, intent, orders, leases: unowned(blocks) };
}

/** A name record at `key`: its digest begins otherwise. */
export function record(key: string, number = 0): BlockRef {
  return { key: id(key), digest: `ffff${number.toString(16).padStart(60, '0')}`, size: 300 };
}

export function outputsOf<T extends Output['type']>(node: FakeNode, type: T): Extract<Output, { type: T }>[] {
  return node.outputs.filter((output): output is Extract<Output, { type: T }> => output.type === type);
}

export function closestOnDistinctDevices(
  key: Id,
  nodes: readonly { readonly nodeId: NodeId; readonly device: string }[],
  count: number,
): NodeId[] {
  const sorted = [...nodes].sort((a, b) => {
    const difference = ringDistance(key, a.nodeId) - ringDistance(key, b.nodeId);
    return difference === 0n ? (a.nodeId > b.nodeId ? -1 : 1) : difference < 0n ? -1 : 1;
  });
  const first = sorted.filter((node, index) => sorted.findIndex((other) => other.device === node.device) === index);
  const rest = sorted.filter((node) => !first.includes(node));
  return [...first, ...rest].slice(0, count).map((node) => node.nodeId);
}
