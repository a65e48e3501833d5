// The real node with somebody between it and its driver, who hears all that it hears, says all that it says, and may change
// both. As long as nothing is changed it is an honest node.

import type { Input, Inspection, Instant, Output } from '../../src/core/io.ts';
import { type NodeConfig, TabringNode } from '../../src/core/node.ts';
import type { Holding } from '../../src/core/past/holdings.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { PeerNode } from '../../src/peer/parts.ts';

/** What to do with one input or output: hand on what is returned, nothing if it is empty. */
export interface Manners {
  hear(input: Input): readonly Input[];
  speak(output: Output): readonly Output[];
}

const HONEST: Manners = { hear: (input) => [input], speak: (output) => [output] };

export class HostileMachine implements PeerNode {
  readonly #node: TabringNode;
  #manners = HONEST;

  constructor(config: NodeConfig) {
    this.#node = new TabringNode(config);
  }

  /** From now on it treats so what it hears and says, after all that it did with it before. */
  behave({ hear, speak }: Partial<Manners>): void {
    const before = this.#manners;
    this.#manners = {
      hear: hear === undefined ? before.hear : (input) => before.hear(input).flatMap((heard) => hear(heard)),
      speak: speak === undefined ? before.speak : (output) => before.speak(output).flatMap((said) => speak(said)),
    };
  }

  handle(input: Input, now: Instant): readonly Output[] {
    const { hear, speak } = this.#manners;
    return hear(input)
      .flatMap((heard) => this.#node.handle(heard, now))
      .flatMap((output) => speak(output));
  }

  get wakeAt(): Instant | undefined {
    return this.#node.wakeAt;
  }

  inspect(): Inspection {
    return this.#node.inspect();
  }

  holdings(): readonly Holding[] {
    return this.#node.holdings();
  }

  deviceOf(nodeId: NodeId): string | undefined {
    return this.#node.deviceOf(nodeId);
  }

  relayed(): ReadonlyMap<NodeId, NodeId> {
    return this.#node.relayed();
  }

  carriersOf(nodeId: NodeId): readonly NodeId[] {
    return this.#node.carriersOf(nodeId);
  }

  isNeighbour(nodeId: NodeId): boolean {
    return this.#node.isNeighbour(nodeId);
  }

  get counters(): ReadonlyMap<string, number> {
    return this.#node.counters;
  }
}
