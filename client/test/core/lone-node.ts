// One real node and a test that plays all the others: what the node sends is kept, links open as soon as they are wanted,
// and time moves only when the test says so.

import type { Input, LinkFailureReason, Output, TraceEvent } from '../../src/core/io.ts';
import { isPastMessage } from '../../src/core/messages.ts';
import { TabringNode } from '../../src/core/node.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Direct, PastryMessage, ReplyPayload, Routed } from '../../src/core/pastry/messages.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { DEFAULT_TIMING, type Timing } from '../../src/core/pastry/timing.ts';
import type { Proof } from '../../src/core/proof.ts';
import { messageIds } from '../peer/ids.ts';
import { handle, id } from './arbitraries.ts';

/** As a gate lets it in. */
export function proofBy(nodeId: string): Proof {
  return { by: id(nodeId), device: `device-of-${nodeId}`, certificate: '', signature: '' };
}

/** Nothing periodic, so that a test sees only what it causes. */
const QUIET: Timing = {
  ...DEFAULT_TIMING,
  keepaliveMs: Number.POSITIVE_INFINITY,
  leafSetExchangeMs: Number.POSITIVE_INFINITY,
  rowExchangeMs: Number.POSITIVE_INFINITY,
  mergeMs: Number.POSITIVE_INFINITY,
};

type Kind = PastryMessage['type'];
type MessageOf<K extends Kind> = Extract<PastryMessage, { type: K }>;

export interface LoneNodeOptions {
  readonly leafSetSize?: number;
  readonly timing?: Partial<Timing>;
  /** Nodes to which no link opens: no path leads there. */
  readonly unreachable?: readonly string[];
  /** The same: they do not answer. */
  readonly silent?: readonly string[];
}

export class LoneNode {
  readonly nodeId: NodeId;
  readonly timing: Timing;
  readonly node: TabringNode;
  now = 1_000;
  readonly traces: TraceEvent[] = [];
  /** Every message that others were asked to carry. */
  readonly carried: { readonly carrier: NodeId; readonly to: NodeId; readonly message: Direct }[] = [];
  /** Everything but messages, links and traces. */
  readonly outputs: Output[] = [];
  /** Every link that was wanted. */
  readonly connects: NodeId[] = [];
  /** Every message that was sent. */
  readonly log: { readonly to: NodeId; readonly message: PastryMessage }[] = [];
  /** Nodes that have no room or no time for a link, as of now. */
  readonly busy = new Set<string>();
  readonly #failureById: ReadonlyMap<string, LinkFailureReason>;
  #sent: { readonly to: NodeId; readonly message: PastryMessage }[] = [];
  #lastToken = 0;

  constructor(nodeId: string, options: LoneNodeOptions = {}) {
    this.nodeId = id(nodeId);
    this.timing = { ...QUIET, ...options.timing };
    const { unreachable = [], silent = [] } = options;
    this.#failureById = new Map([
      ...unreachable.map((nodeId) => [nodeId, 'unreachable'] as const),
      ...silent.map((nodeId) => [nodeId, 'no-answer'] as const),
    ]);
    this.node = new TabringNode({
      self: handle(this.nodeId),
      params: {
        ...DEFAULT_RING_PARAMS,
        digits: nodeId.length,
        leafSetSize: options.leafSetSize ?? 4,
        checksRoots: true,
      },
      seed: 1,
      newId: messageIds(),
      ringTime: () => 0,
      timing: this.timing,
    });
  }

  /** Founds a ring, and hears a ping of each of `others`. */
  static founder(nodeId: string, others: readonly string[], options: LoneNodeOptions = {}): LoneNode {
    const lone = new LoneNode(nodeId, options);
    lone.input({ type: 'start', sponsor: undefined, held: [], leased: [] });
    for (const other of others) lone.meet(other);
    // The first search for near nodes is over, and what it asked is answered.
    lone.run(15_000, others);
    lone.takeSent();
    lone.traces.length = 0;
    lone.outputs.length = 0;
    return lone;
  }

  /** Gives an input, and opens what links are wanted. */
  input(input: Input): void {
    const peers: NodeId[] = [];
    for (const output of this.node.handle(input, this.now)) {
      if (output.type === 'connect') this.connects.push(output.peer);
      if (output.type === 'connect') peers.push(output.peer);
      else if (output.type === 'trace') this.traces.push(output.event);
      else if (output.type === 'relay') this.carried.push(output);
      else if (output.type !== 'send') this.outputs.push(output);
      else if (!isPastMessage(output.message)) {
        this.#sent.push({ to: output.to, message: output.message });
        this.log.push({ to: output.to, message: output.message });
      }
    }
    for (const peer of peers) {
      if (this.busy.has(peer)) {
        this.input({ type: 'link-down', peer, reason: 'budget' });
        continue;
      }
      const reason = this.#failureById.get(peer);
      this.input(reason === undefined ? { type: 'link-up', peer } : { type: 'link-failed', peer, reason });
    }
  }

  tell(from: string, message: PastryMessage): void {
    this.input({ type: 'message', from: id(from), message });
  }

  /** `carrier` brings what `from` has sealed for this node. */
  bring(carrier: string, from: string, message: Direct): void {
    this.input({ type: 'relayed', carrier: id(carrier), from: id(from), message });
  }

  /** An answer to a message of this node's comes, proved to be `by`'s; without one, the last's on its route. */
  answer(from: string, messageId: string, payload: ReplyPayload, by?: string): void {
    const speaker = by ?? ('route' in payload ? payload.route.at(-1) : undefined);
    const proof = speaker === undefined ? undefined : proofBy(speaker);
    this.tell(from, { type: 'reply', id: messageId, token: 1, back: [this.nodeId], payload, proof });
  }

  /** `other` opens a link and pings. */
  meet(other: string, epoch = 1): void {
    this.input({ type: 'link-up', peer: id(other) });
    this.tell(other, { type: 'ping', nonce: 1, self: handle(id(other), epoch) });
  }

  /** Lets time pass, waking the node when it wants; `alive` answer what they are asked, at once. */
  run(durationMs: number, alive: readonly string[] = []): void {
    const end = this.now + durationMs;
    for (;;) {
      this.answerAs(alive);
      const at = this.node.wakeAt;
      if (at === undefined || at > end) break;
      this.now = Math.max(this.now, at);
      this.input({ type: 'wake' });
    }
    this.now = end;
  }

  /** Answers, in the name of each of `alive`, what it was sent since the last time. */
  answerAs(alive: readonly string[]): void {
    for (let index = 0; index < this.#sent.length; index += 1) {
      const { to, message } = this.#sent[index] ?? {};
      if (to === undefined || message === undefined || !alive.includes(to)) continue;
      this.#sent.splice(index, 1);
      index -= 1;
      const self = handle(to);
      if (message.type === 'ping') this.tell(to, { type: 'pong', nonce: message.nonce, self });
      if (message.type === 'leaf-set' && message.asks) {
        this.tell(to, { ...message, self, members: [], failed: [], asks: false });
      }
      if (message.type === 'row' && message.asks) this.tell(to, { ...message, self, entries: [], asks: false });
      if (message.type === 'routed' || message.type === 'reply') this.acknowledge(to, message.token);
    }
  }

  acknowledge(from: string, token: number): void {
    this.tell(from, { type: 'ack', token, coordinate: handle(id(from)).coordinate });
  }

  /** What was sent since the last call, of one kind or of all. */
  takeSent(): { readonly to: NodeId; readonly message: PastryMessage }[];
  takeSent<K extends Kind>(kind: K): { readonly to: NodeId; readonly message: MessageOf<K> }[];
  takeSent(kind?: Kind): { readonly to: NodeId; readonly message: PastryMessage }[] {
    const sent = this.#sent;
    this.#sent = [];
    return kind === undefined ? sent : sent.filter(({ message }) => message.type === kind);
  }

  /** Whom messages of one kind went to since the last call. */
  takeReceivers(kind: Kind): NodeId[] {
    return this.takeSent(kind).map(({ to }) => to);
  }

  /** A routed message on its way to this node, from the last of `route`. */
  routed(key: string, route: readonly string[], payload: Routed['payload'] = { kind: 'lookup' }): Routed {
    this.#lastToken += 1;
    const ids = route.map(id);
    return { type: 'routed', id: `message of ${route[0]}`, key: id(key), token: this.#lastToken, route: ids, payload };
  }

  get leaves(): NodeId[] {
    const { cw, ccw } = this.node.inspect().leafSet;
    return [...new Set([...cw, ...ccw])].sort();
  }

  /** Nodes of which a kind of trace event told, in order. */
  traced(kind: 'suspected' | 'failed' | 'departed' | 'leaf-added' | 'leaf-removed'): NodeId[] {
    const nodes: NodeId[] = [];
    for (const event of this.traces) if (event.kind === kind && 'nodeId' in event) nodes.push(event.nodeId);
    return nodes;
  }
}
