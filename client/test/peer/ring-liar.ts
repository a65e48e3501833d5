// A node of a ring under virtual time that lies as its owner likes.

import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import type { Certificate } from '../../src/trust/certificate.ts';
import type { Manners } from '../hostile/hostile-machine.ts';
import type { Liar } from '../hostile/liar.ts';
import { codec } from './hostile-members.ts';
import type { MemoryLinks } from './memory-links.ts';
import type { RingNode, TestRing } from './ring.ts';

export class RingLiar implements Liar {
  readonly #ring: TestRing;
  readonly #node: RingNode;

  constructor(ring: TestRing, name: string) {
    this.#ring = ring;
    this.#node = ring.node(name);
  }

  get nodeId(): NodeId {
    return this.#node.peer.nodeId;
  }

  get credentials(): Scheme {
    return this.#links(this.nodeId).credentials;
  }

  get store(): RingNode['store'] {
    return this.#node.store;
  }

  behave(manners: Partial<Manners>): void {
    this.#node.machine.behave(manners);
  }

  certificateOf(nodeId: NodeId): Certificate {
    return this.#links(nodeId).credentials.certificate;
  }

  say(to: NodeId, message: Message): boolean {
    const links = this.#links(this.nodeId);
    links.send(to, codec.encodeMessage(message));
    return links.links().some(({ nodeId, state }) => nodeId === to && state === 'open');
  }

  #links(nodeId: NodeId): MemoryLinks {
    const links = this.#ring.network.find(nodeId);
    if (links === undefined) throw new Error(`nobody is ${nodeId}`);
    return links;
  }
}
