// A gate of its own for a test that plays the links around it and the core behind it.

import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Direct, Reply, ReplyPayload, Routed } from '../../src/core/pastry/messages.ts';
import { type Admitted, Gate } from '../../src/gate/gate.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import type { Speaker } from '../../src/gate/speaker.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';
import { DIGITS, id } from '../peer/ids.ts';

const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 1024 });

export class GatedNode {
  readonly nodeId: NodeId;
  readonly scheme: Scheme;
  readonly gate: Gate;
  /** As its links show it to others. */
  readonly speaker: Speaker;
  /** What its core heard. */
  readonly heard: Admitted[] = [];
  /** What was dropped and refused, by cause, and whom it is held against. */
  readonly counts = new Map<string, number>();
  readonly misdeeds: { readonly peer: NodeId; readonly what: string }[] = [];
  now = 0;

  constructor(scheme: Scheme) {
    this.scheme = scheme;
    this.nodeId = scheme.certificate.nodeId;
    this.speaker = { peer: this.nodeId, certificate: scheme.certificate };
    this.gate = new Gate({
      scheme,
      codec,
      now: () => this.now,
      count: (cause) => this.counts.set(cause, (this.counts.get(cause) ?? 0) + 1),
      misbehaved: (peer, what) => this.misdeeds.push({ peer, what }),
    });
  }

  /** What leaves when this node's core sends a message. */
  async sends(to: NodeId, message: Message): Promise<Message> {
    return new Promise((resolve) => this.gate.send(to, message, (sent) => resolve(wired(sent))));
  }

  async sendsRelayed(carrier: NodeId, to: NodeId, message: Direct): Promise<Message> {
    return new Promise((resolve) => this.gate.sendRelayed(carrier, to, message, (sent) => resolve(wired(sent))));
  }

  /** A message comes over the link to `from`. Resolves when it has been judged; returns what the core heard of it. */
  async hears(from: GatedNode, message: Message): Promise<Admitted | undefined> {
    const before = this.heard.length;
    this.gate.receive(from.speaker, message, (admitted) => this.heard.push(admitted));
    await new Promise<void>((resolve) => this.gate.afterReceived(from.nodeId, resolve));
    return this.heard[before];
  }

  /** Everything that was counted, and nothing else. */
  get counted(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }
}

/** As it comes out at the other end of a link. */
function wired(message: Message): Message {
  const frame = codec.decode(codec.encodeMessage(message));
  if (frame.kind !== 'message') throw new Error(`refused by the codec: ${JSON.stringify(frame)}`);
  return frame.message;
}

const KEY = id('77');
export const QUESTION_ID = 'ab'.repeat(16);

/** A lookup of `origin`'s on its first hop. */
export function question(origin: GatedNode, payload: Routed['payload'] = { kind: 'lookup' }): Routed {
  return { type: 'routed', id: QUESTION_ID, key: KEY, token: 1, route: [origin.nodeId], payload };
}

/** The answer to it as a core gives it to its gate. */
export function answer(route: readonly GatedNode[], asked: Routed): Reply {
  const ids = route.map(({ nodeId }) => nodeId);
  const payload: ReplyPayload = { kind: 'found', route: ids };
  const back = ids.slice(0, -1).reverse();
  const { key } = asked;
  return {
    type: 'reply',
    id: asked.id,
    token: 2,
    back,
    payload,
    proof: undefined,
    asked: { key, payload: asked.payload },
  };
}
