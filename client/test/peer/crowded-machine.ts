// A model of many nodes on one machine that has too little time for them: what each does to set up links costs time of a shared
// processor, which takes the nodes that have something to do in turn, one piece of work at a time. Virtual time.

import type { NodeId } from '../../src/core/pastry/id.ts';
import { Random } from '../../src/core/random.ts';
import type { Need } from '../../src/peer/wishes.ts';
import { type Event, popHeap, pushHeap } from './event-heap.ts';
import { id } from './ids.ts';

/** What a node decides about links (peer/dialler.ts, or what is compared with it). */
export interface Policy {
  want(peer: NodeId): void;
  mayAnswer(peer: NodeId, isJoining: boolean): boolean;
  up(peer: NodeId): void;
  down(peer: NodeId): void;
  failed(peer: NodeId, wasFull: boolean): void;
  timerCame(lateMs: number): void;
  /** How long an attempt may take. */
  readonly openingMs: number;
}

export interface PolicyHost {
  now(): number;
  random(): number;
  after(name: string, delayMs: number, fire: () => void): void;
  linkCount(): number;
  dial(peer: NodeId): void;
  gaveUp(peer: NodeId): void;
  needOf(peer: NodeId): Need;
}

export interface Crowd {
  readonly nodes: number;
  /** Of each node: to so many on either side, and to so many others at random. */
  readonly leaves: number;
  readonly entries: number;
  /** For so long the nodes get this share of the processor only, and all of it afterwards. */
  readonly busyMs: number;
  readonly share: number;
  readonly seed: number;
}

/** Milliseconds of the processor that is all theirs: 25 for a link, as on two cores for both ends of a real one (docs/scale.md). */
const CREATE_MS = 7.5;
const HANDSHAKE_MS = 5;
const READ_MS = 0.5;
/** On the network. */
const LATENCY_MS = 2;
/** Whoever wished for a link that failed, or was refused, wishes for it again. */
const AGAIN_MS = 2_000;
/** A neighbour is asked so often whether it is there, and its link is given up if it does not answer for so long. */
const KEEPALIVE_MS = 5_000;
const SILENCE_MS = 9_000;

interface Work {
  readonly costMs: number;
  readonly run: () => void;
  /** False once it is for an attempt that was given up here: it is not done. */
  readonly isWanted?: () => boolean;
}

interface Attempt {
  /** This node has offered, and has not been answered. */
  readonly isOwn: boolean;
  /** This node wished for the link: its policy is told if it fails. */
  isWanted: boolean;
  readonly number: number;
}

class CrowdedNode {
  readonly id: NodeId;
  readonly wanted = new Map<NodeId, Need>();
  readonly open = new Map<NodeId, number>();
  readonly opening = new Map<NodeId, Attempt>();
  readonly work: Work[] = [];
  readonly timerByName = new Map<string, number>();

  constructor(nodeId: NodeId) {
    this.id = nodeId;
  }
}

export class CrowdedMachine {
  readonly #crowd: Crowd;
  readonly #random: Random;
  readonly #nodes: CrowdedNode[] = [];
  readonly #policyById = new Map<NodeId, Policy>();
  readonly #nodeById = new Map<NodeId, CrowdedNode>();
  readonly #events: Event[] = [];
  #lastNumber = 0;
  #turn = 0;
  now = 0;
  /** Both ends are counted. */
  connections = 0;
  linksOpened = 0;

  constructor(crowd: Crowd, createPolicy: (host: PolicyHost) => Policy) {
    this.#crowd = crowd;
    this.#random = new Random(crowd.seed);
    for (let place = 0; place < crowd.nodes; place += 1) {
      const node = new CrowdedNode(id(place.toString(16).padStart(4, '0')));
      this.#nodes.push(node);
      this.#nodeById.set(node.id, node);
      this.#policyById.set(node.id, createPolicy(this.#host(node)));
    }
    this.#nodes.forEach((node, place) => {
      for (let step = 1; step <= crowd.leaves; step += 1) {
        for (const side of [step, -step]) this.#wish(node, this.#at(place + side), 'leaf');
      }
      for (let entry = 0; entry < crowd.entries; entry += 1) {
        const other = this.#at(Math.floor(this.#random.next() * crowd.nodes));
        if (other !== node && !node.wanted.has(other.id)) this.#wish(node, other, 'entry');
      }
      this.#keepAlive(node, 0);
    });
  }

  /** Links to leaves that are missing, as a share of all that there should be. */
  get missing(): number {
    let [missing, all] = [0, 0];
    for (const { wanted, open } of this.#nodes) {
      for (const [peer, need] of wanted) {
        if (need !== 'leaf') continue;
        all += 1;
        if (!open.has(peer)) missing += 1;
      }
    }
    return missing / all;
  }

  /** Until no link to a leaf is missing, or `limitMs` have passed. */
  run(limitMs: number, isDone: () => boolean): void {
    const endAt = this.now + limitMs;
    while (this.now < endAt && !isDone()) this.#step(endAt);
  }

  /** One piece of work, or what happens next if there is none. */
  #step(endAt: number): void {
    for (let event = this.#events[0]; event !== undefined && event.at <= this.now; event = this.#events[0]) {
      popHeap(this.#events);
      event.run();
    }
    const node = this.#nextWithWork();
    const work = node?.work.shift();
    if (work === undefined) {
      this.now = Math.min(endAt, this.#events[0]?.at ?? endAt);
      return;
    }
    if (work.isWanted?.() === false) return;
    this.now += work.costMs / (this.now < this.#crowd.busyMs ? this.#crowd.share : 1);
    work.run();
  }

  #nextWithWork(): CrowdedNode | undefined {
    const { length } = this.#nodes;
    for (let step = 0; step < length; step += 1) {
      this.#turn = (this.#turn + 1) % length;
      const node = this.#nodes[this.#turn];
      if (node !== undefined && node.work.length > 0) return node;
    }
    return undefined;
  }

  #at(place: number): CrowdedNode {
    const node = this.#nodes.at(place % this.#nodes.length);
    if (node === undefined) throw new Error('no such place');
    return node;
  }

  #later(delayMs: number, run: () => void): void {
    pushHeap(this.#events, { at: this.now + delayMs, run });
  }

  /** As in an event loop, timers that are due come before what came over the network. `fire` is told how late it is. */
  #timer(node: CrowdedNode, delayMs: number, fire: (lateMs: number) => void): void {
    const dueAt = this.now + delayMs;
    this.#later(delayMs, () => node.work.unshift({ costMs: READ_MS, run: () => fire(this.now - dueAt) }));
  }

  #message(to: CrowdedNode, read: () => Work | undefined): void {
    this.#later(LATENCY_MS, () =>
      to.work.push({
        costMs: READ_MS,
        run: () => {
          const then = read();
          if (then !== undefined) to.work.push(then);
        },
      }),
    );
  }

  #policy(node: CrowdedNode): Policy {
    const policy = this.#policyById.get(node.id);
    if (policy === undefined) throw new Error('no such node');
    return policy;
  }

  #host(node: CrowdedNode): PolicyHost {
    return {
      now: () => this.now,
      random: () => this.#random.next(),
      after: (name, delayMs, fire) => {
        this.#lastNumber += 1;
        const number = this.#lastNumber;
        node.timerByName.set(name, number);
        this.#timer(node, delayMs, (lateMs) => {
          this.#policy(node).timerCame(lateMs);
          if (node.timerByName.get(name) === number) fire();
        });
      },
      linkCount: () => node.open.size + node.opening.size,
      dial: (peer) => this.#dial(node, peer),
      gaveUp: (peer) => this.#again(node, peer),
      needOf: (peer) => node.wanted.get(peer) ?? 'other',
    };
  }

  #wish(node: CrowdedNode, peer: CrowdedNode, need: Need): void {
    node.wanted.set(peer.id, need);
    // All at much the same moment: a ring whose machine had no time for it has lost its links.
    this.#timer(node, this.#random.next() * 1_000, () => this.#policy(node).want(peer.id));
  }

  #again(node: CrowdedNode, peer: NodeId): void {
    this.#timer(node, AGAIN_MS, () => {
      if (!node.open.has(peer)) this.#policy(node).want(peer);
    });
  }

  #dial(node: CrowdedNode, peer: NodeId): void {
    const known = node.opening.get(peer);
    if (known !== undefined) known.isWanted = true;
    if (known !== undefined || node.open.has(peer)) return;
    const far = this.#nodeById.get(peer);
    if (far === undefined) throw new Error('no such node');
    const attempt = this.#begin(node, peer, { isOwn: true, isWanted: true });
    node.work.push({
      costMs: CREATE_MS,
      isWanted: () => node.opening.get(peer) === attempt,
      run: () => this.#message(far, () => this.#offered(far, node, attempt)),
    });
  }

  #begin(node: CrowdedNode, peer: NodeId, kind: Omit<Attempt, 'number'>, number?: number): Attempt {
    this.#lastNumber += 1;
    const attempt: Attempt = { ...kind, number: number ?? this.#lastNumber };
    node.opening.set(peer, attempt);
    this.connections += 1;
    const begunAt = this.now;
    const wait = (leftMs: number): void =>
      this.#timer(node, leftMs, (lateMs) => {
        if (node.opening.get(peer) !== attempt) return;
        this.#policy(node).timerCame(lateMs);
        const nowLeftMs = this.#policy(node).openingMs - (this.now - begunAt);
        if (nowLeftMs > 0) return wait(nowLeftMs);
        node.opening.delete(peer);
        if (attempt.isWanted) this.#fail(node, peer, false);
      });
    wait(this.#policy(node).openingMs);
    return attempt;
  }

  #fail(node: CrowdedNode, peer: NodeId, wasFull: boolean): void {
    this.#policy(node).failed(peer, wasFull);
    this.#again(node, peer);
  }

  /** An offer of `from`'s is read. Who has given it up does not say so: its offerer's own timer is all there is. */
  #offered(node: CrowdedNode, from: CrowdedNode, { number }: Attempt): Work | undefined {
    const own = node.opening.get(from.id);
    if (own?.isOwn === true && node.id > from.id) return undefined;
    if (node.open.has(from.id)) return undefined;
    if (own === undefined && !this.#policy(node).mayAnswer(from.id, false)) {
      this.#message(from, () => {
        if (from.opening.get(node.id)?.number !== number) return undefined;
        from.opening.delete(node.id);
        this.#fail(from, node.id, true);
        return undefined;
      });
      return undefined;
    }
    const isWanted = own?.isWanted === true;
    const attempt = this.#begin(node, from.id, { isOwn: false, isWanted }, number);
    return {
      costMs: CREATE_MS,
      isWanted: () => node.opening.get(from.id) === attempt,
      run: () => this.#message(from, () => this.#handshake(from, node, attempt.number)),
    };
  }

  /** The answer is read by who offered; then each end has its part of the handshake. */
  #handshake(node: CrowdedNode, far: CrowdedNode, number: number): Work | undefined {
    if (node.opening.get(far.id)?.number !== number) return undefined;
    return {
      costMs: HANDSHAKE_MS,
      isWanted: () => node.opening.get(far.id)?.number === number,
      run: () =>
        this.#message(far, () => {
          if (far.opening.get(node.id)?.number !== number) return undefined;
          const isWanted = (): boolean => far.opening.get(node.id)?.number === number;
          return { costMs: HANDSHAKE_MS, isWanted, run: () => this.#opened(far, node, number) };
        }),
    };
  }

  #opened(node: CrowdedNode, far: CrowdedNode, number: number): void {
    if (node.opening.get(far.id)?.number !== number || far.opening.get(node.id)?.number !== number) return;
    for (const [end, other] of [
      [node, far],
      [far, node],
    ] as const) {
      end.opening.delete(other.id);
      end.open.set(other.id, this.now);
      this.linksOpened += 1;
      this.#policy(end).up(other.id);
    }
  }

  /** Asks a neighbour, now and then; without an answer in time the link is lost, and wished for again. */
  #keepAlive(node: CrowdedNode, turn: number): void {
    this.#timer(node, KEEPALIVE_MS * (0.5 + this.#random.next()), () => {
      const linked = [...node.open.keys()].filter((peer) => node.wanted.get(peer) === 'leaf');
      const peer = linked[turn % Math.max(1, linked.length)];
      const far = peer === undefined ? undefined : this.#nodeById.get(peer);
      if (far !== undefined) this.#ping(node, far);
      this.#keepAlive(node, turn + 1);
    });
  }

  #ping(node: CrowdedNode, far: CrowdedNode): void {
    let isAnswered = false;
    const answered = (): undefined => {
      isAnswered = true;
    };
    this.#message(far, () => {
      this.#message(node, answered);
      return undefined;
    });
    this.#timer(node, SILENCE_MS, () => {
      if (isAnswered || !node.open.has(far.id)) return;
      for (const [end, other] of [
        [node, far],
        [far, node],
      ] as const) {
        end.open.delete(other.id);
        this.#policy(end).down(other.id);
        if (end.wanted.has(other.id)) this.#again(end, other.id);
      }
    });
  }
}
