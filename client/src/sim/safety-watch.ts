// Watches a run for broken safety: a delivery at a node that is not the root, a table that can never be right.

import type { Input, Output } from '../core/io.ts';
import { checkTables, type Violation } from './checkers.ts';
import type { Cluster } from './cluster.ts';
import type { Host } from './host.ts';
import type { NetworkListener } from './network.ts';

/** More of one rule say nothing new. */
const MAX_OF_ONE_RULE = 3;

export class SafetyWatch implements NetworkListener {
  readonly violations: Violation[] = [];
  /**
   * While true, wrong deliveries are counted only: two halves of a healed partition are two rings that each deliver
   * rightly by all they can know, until they have merged.
   */
  isMerging = false;
  misdeliveredWhileMerging = 0;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.network.listen(this);
    cluster.onRefused = (what) => this.#report([{ rule: 'codec-refuses', detail: what }]);
    cluster.lookups.onMisdelivery = ({ at, key, nodeId, root }) => {
      if (this.isMerging) this.misdeliveredWhileMerging += 1;
      else this.#report([{ rule: 'misdelivered', detail: `at ${at}: ${key} at ${nodeId}, its root is ${root}` }]);
    };
  }

  handled(host: Host, _input: Input, outputs: readonly Output[]): void {
    // Every change of a table is traced; looking only then makes the check cheap enough for every input.
    const hasChanged = outputs.some(({ type }) => type === 'trace');
    if (hasChanged) this.#report(checkTables(host.machine.inspect(), this.#cluster.options.params));
  }

  #report(violations: readonly Violation[]): void {
    for (const violation of violations) {
      const known = this.violations.filter(({ rule }) => rule === violation.rule).length;
      if (known < MAX_OF_ONE_RULE) this.violations.push(violation);
    }
  }
}
