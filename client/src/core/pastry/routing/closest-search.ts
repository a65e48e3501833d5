// The search for a key's root by the asker itself, step by step and wide (Castro et al., OSDI 2002, section 5; Baumgart and Mies,
// S/Kademlia, ICPADS 2007): nodes ever closer to the key are asked for the closest that they know. A hostile one can withhold and
// name its own, but one honest node in each step carries the search on. It is pure: it says whom to ask, and is told what came.

import { closestIds, isCloser, type Key, type NodeId, ringDistance } from '../id.ts';

/** Nodes asked in the first step: of so many some are honest, even where most entries of a table are not. */
const SEARCH_WIDTH = 20;
/**
 * The others that the asker knows come with the fifth choices; and both only in a thorough search, which one is as soon as
 * somebody was silent: where nobody is hostile the first four say all.
 */
const RANK_OF_OTHERS = 4;
/** Nodes named by one that are looked at. */
export const MAX_NAMED_CLOSEST = 16;
/** Questions of one search, and those under way at once. */
export const MAX_QUESTIONS = 192;
/**
 * When so many closer nodes have answered a node is not asked any more: of the sixteen beside a key, who know its root, hardly
 * ever so many collude.
 */
const ENOUGH = 12;
const MAX_UNDER_WAY = 32;
/** So much in doubt nobody is asked over any more: each colluder costs some questions, and not all that he names. */
const MAX_DOUBT = 3;
/** Steps away from the asker: each comes a digit closer, and the last ones find who is beside whom. */
const MAX_STEPS = 6;

/** Ways to one node that are remembered: those who name it first may be those who let nothing pass. */
const MAX_WAYS = 32;
/** Of who is silent so many are asked over other ways, the closest: the root, and those who know it. */
const ASKED_AGAIN = 8;

/** A node to be asked, over the nodes that named each other. */
export interface SearchStep {
  readonly nodeId: NodeId;
  /** The way to it, its teller last; empty for a node that the asker knows. */
  readonly via: readonly NodeId[];
}

interface Way {
  readonly via: readonly NodeId[];
  readonly teller: Teller;
}

/** Who names others. */
interface Teller {
  /** One for each question asked over him, and two less for each answer: he is trusted with more once some have come. */
  doubt: number;
}

interface Candidate extends Teller {
  readonly nodeId: NodeId;
  readonly distance: bigint;
  /** The best place that somebody gave it among those he named, 0: the closest; one more for each time that it was silent. */
  rank: number;
  /** All that are remembered. */
  ways: number;
  untried: Way[];
  /** That on which it was asked last. */
  way: Way;
  state: 'named' | 'asked' | 'answered' | 'silent';
}

export class ClosestSearch {
  readonly key: Key;
  readonly #self: NodeId;
  readonly #candidateById = new Map<NodeId, Candidate>();
  #isThorough: boolean;
  #asked = 0;
  #underWay = 0;
  /** The closest that has answered for itself. */
  #best: SearchStep;
  readonly #answeredAt: bigint[] = [];

  /** `known`: the nodes to begin with. The asker `self` counts as one that has answered. */
  constructor(key: Key, self: NodeId, known: readonly NodeId[], isThorough: boolean) {
    this.key = key;
    this.#isThorough = isThorough;
    this.#self = self;
    this.#best = { nodeId: self, via: [] };
    const direct = { via: [], teller: { doubt: 0 } };
    closestIds(key, known, known.length).forEach((nodeId, index) => {
      this.#name(nodeId, index < SEARCH_WIDTH ? 0 : RANK_OF_OTHERS, direct);
    });
  }

  /** Nodes that are asked among the first, however far from the key. */
  beginWith(nodes: readonly NodeId[]): void {
    for (const nodeId of nodes) this.#name(nodeId, 0, { via: [], teller: { doubt: 0 } });
  }

  /** The closest to the key of all that have answered, and the way to it. */
  get best(): SearchStep {
    return this.#best;
  }

  /** True if somebody who is closer than the best was named and has not answered: too slow, or nobody. */
  get isClosestSilent(): boolean {
    for (const { nodeId, state } of this.#candidateById.values())
      if (state !== 'answered' && isCloser(this.key, nodeId, this.#best.nodeId)) return true;
    return false;
  }

  /** All that have answered for themselves. */
  get answerers(): NodeId[] {
    return [...this.#candidateById.values()].flatMap(({ nodeId, state }) => (state === 'answered' ? [nodeId] : []));
  }

  /** True when nobody is left to be asked or waited for. */
  get isOver(): boolean {
    return this.#underWay === 0 && this.#next() === undefined;
  }

  /** Whom to ask now; each counts as asked. */
  next(): SearchStep[] {
    const steps: SearchStep[] = [];
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      next.way = bestWay(next);
      next.untried = next.untried.filter((way) => way !== next.way);
      next.state = 'asked';
      next.way.teller.doubt += 1;
      this.#asked += 1;
      this.#underWay += 1;
      steps.push(stepTo(next));
    }
    return steps;
  }

  /** `nodeId` has proved that these are the nodes that it names. */
  answered(nodeId: NodeId, named: readonly NodeId[]): void {
    const teller = this.#candidateById.get(nodeId);
    // Too late an answer is one.
    if (teller === undefined || teller.state === 'answered' || teller.state === 'named') return;
    if (teller.state === 'asked') this.#underWay -= 1;
    teller.state = 'answered';
    teller.way.teller.doubt -= 2;
    const step = stepTo(teller);
    if (isCloser(this.key, nodeId, this.#best.nodeId)) this.#best = step;
    this.#answeredAt.push(teller.distance);
    this.#answeredAt.sort((a, b) => (a < b ? -1 : 1));
    if (step.via.length + 1 >= MAX_STEPS) return;
    const distinct = new Set(named.slice(0, MAX_NAMED_CLOSEST));
    closestIds(this.key, distinct, MAX_NAMED_CLOSEST).forEach((other, rank) => {
      this.#name(other, rank, { via: [...step.via, nodeId], teller });
    });
  }

  /** No answer of this node's has come in time. */
  silent(nodeId: NodeId): void {
    const candidate = this.#candidateById.get(nodeId);
    if (candidate?.state !== 'asked') return;
    candidate.state = 'silent';
    candidate.rank += 1;
    this.#isThorough = true;
    this.#underWay -= 1;
  }

  #name(nodeId: NodeId, rank: number, way: Way): void {
    if (nodeId === this.#self || way.via.includes(nodeId)) return;
    const known = this.#candidateById.get(nodeId);
    if (known === undefined) {
      const distance = ringDistance(this.key, nodeId);
      const ways = { ways: 1, untried: [way], way };
      this.#candidateById.set(nodeId, { nodeId, distance, rank, ...ways, state: 'named', doubt: 0 });
      return;
    }
    known.rank = Math.min(known.rank, rank);
    if (known.ways >= MAX_WAYS) return;
    known.ways += 1;
    known.untried.push(way);
  }

  #next(): Candidate | undefined {
    if (this.#asked >= MAX_QUESTIONS || this.#underWay >= MAX_UNDER_WAY) return undefined;
    let best: Candidate | undefined;
    let leastDoubt = 0;
    for (const candidate of this.#candidateById.values()) {
      if (!this.#isToBeAsked(candidate)) continue;
      const doubt = doubtOf(bestWay(candidate));
      if (doubt >= MAX_DOUBT) continue;
      if (best !== undefined && (doubt > leastDoubt || (doubt === leastDoubt && !comesBefore(candidate, best))))
        continue;
      best = candidate;
      leastDoubt = doubt;
    }
    return best;
  }

  /** Who did not answer is asked over another way if it may be the root, or beside it. */
  #isToBeAsked({ state, untried, distance, rank }: Candidate): boolean {
    if (rank >= RANK_OF_OTHERS && !this.#isThorough) return false;
    if (state === 'asked' || state === 'answered' || untried.length === 0) return false;
    const limit = this.#answeredAt[(state === 'silent' ? ASKED_AGAIN : ENOUGH) - 1];
    return limit === undefined || distance < limit;
  }
}

/** Over the teller over whom most has come. */
function bestWay({ untried, way }: Candidate): Way {
  let best = untried[0] ?? way;
  for (const other of untried) if (other.teller.doubt < best.teller.doubt) best = other;
  return best;
}

/** Nobody tells of whom the asker knows itself. */
function doubtOf({ via, teller }: Way): number {
  return via.length === 0 ? 0 : Math.max(0, teller.doubt);
}

/** Nobody is first because he lies nearest: each teller's own first choice comes before any second choice. */
function comesBefore(a: Candidate, b: Candidate): boolean {
  return a.rank === b.rank ? a.distance < b.distance : a.rank < b.rank;
}

/** On the way on which it was asked last. */
function stepTo({ nodeId, way }: Candidate): SearchStep {
  return { nodeId, via: way.via };
}
