// Deliberate bugs, the kind that naive implementations have, each as one substitution in the core's text. The check that
// should notice stands with each: the simulator's where it can, a unit test where no simulation need ever see it.

/** chaos: faults under the checkers. rings: small rings of the core. units: the core's unit tests. tidy: the house's order. */
export type Net = 'chaos' | 'rings' | 'units' | 'tidy';

export interface Mutant {
  readonly name: string;
  /** Below client/src/core. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Tried in this order until one bites. */
  readonly nets: readonly Net[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the farther id counts as the closer',
    file: 'pastry/id.ts',
    find: 'distanceToA < distanceToB;',
    replace: 'distanceToA > distanceToB;',
    nets: ['rings'],
  },
  {
    name: 'distance does not wrap round',
    file: 'pastry/id.ts',
    find: 'return clockwise < counterclockwise ? clockwise : counterclockwise;',
    replace: 'return a <= b ? clockwise : counterclockwise;',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'ties go to the lower id',
    file: 'pastry/id.ts',
    find: 'distanceToA === distanceToB ? a > b',
    replace: 'distanceToA === distanceToB ? a < b',
    nets: ['chaos', 'units'],
  },
  {
    name: 'leaf halves in numeric order',
    file: 'pastry/id.ts',
    find: 'if (aWraps !== bWraps) return aWraps ? 1 : -1;',
    replace: '',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'halves never share a node',
    file: 'pastry/leaf-set.ts',
    find: '(this.#insert(this.#counterclockwise, handle, -1) || isIn)',
    replace: '(isIn || this.#insert(this.#counterclockwise, handle, -1))',
    nets: ['rings', 'units'],
  },
  {
    name: 'every key is in range',
    file: 'pastry/leaf-set.ts',
    find: 'if (this.wraps) return true;',
    replace: 'return true;',
    nets: ['rings', 'units'],
  },
  {
    name: 'no key is in range',
    file: 'pastry/leaf-set.ts',
    find: 'if (this.wraps) return true;',
    replace: 'return false;',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'the rare case ignores the leaf set',
    file: 'pastry/route.ts',
    find: 'for (const { nodeId } of knownNodes(tables)) {',
    replace: 'for (const { nodeId } of [...tables.routingTable.entries(), ...tables.neighborhoodSet.members()]) {',
    nets: ['units'],
  },
  {
    name: 'a suspect root is routed around',
    file: 'pastry/route.ts',
    find: "return closest === self ? { rule: 'root' }",
    replace: "return closest === self || avoid(closest) ? { rule: 'root' }",
    nets: ['chaos', 'units'],
  },
  {
    name: 'the last row is forgotten',
    file: 'pastry/routing-table.ts',
    find: 'return row < this.#self.length ?',
    replace: 'return row < this.#self.length - 1 ?',
    nets: ['units'],
  },
  {
    name: 'hearsay enters the leaf set',
    file: 'pastry/leaf-keeper.ts',
    find: 'this.#candidateById.set(handle.nodeId, handle);',
    replace: "this.#membership.met({ device: 'd', coordinate: { x: 0, y: 0, height: 0, error: 1 }, ...handle });",
    nets: ['chaos', 'units'],
  },
  {
    name: 'the dead come back by hearsay',
    file: 'pastry/membership.ts',
    find: 'return handle.epoch <= tombstone.epoch;',
    replace: 'return false;',
    nets: ['units'],
  },
  {
    name: 'the dead stay in the tables',
    file: 'pastry/membership.ts',
    find: '    this.#remove(nodeId);',
    replace: '',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'epochs are ignored',
    file: 'pastry/membership.ts',
    find: 'if (peer.handle !== undefined && handle.epoch < peer.handle.epoch) return false;',
    replace: '',
    nets: ['units'],
  },
  {
    name: 'active at once after the welcome',
    file: 'pastry/join.ts',
    find: 'this.#leafKeeper.confirm(welcome.leafSet, () => this.#confirmed());',
    replace: 'this.#leafKeeper.consider(welcome.leafSet); this.#confirmed();',
    nets: ['chaos', 'units'],
  },
  {
    name: 'a join overwrites rows',
    file: 'pastry/join.ts',
    find: 'rows[shared] = mergedRow(last, [self, ...routingTable.row(shared)], shared);',
    replace: 'rows[shared] = [self, ...routingTable.row(shared)];',
    nets: ['units'],
  },
  {
    name: 'newcomers wait for each other',
    file: 'pastry/join.ts',
    find: 'return !this.#isWelcomed;',
    replace: 'return false;',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'a frozen node delivers on',
    file: 'node.ts',
    find: 'if (wasDue !== undefined && now > wasDue + timing.freezeMs) this.#pastry.thaw();',
    replace: '',
    nets: ['chaos', 'rings'],
  },
  {
    name: 'nobody relays for pairs apart',
    file: 'pastry/relays.ts',
    find: 'return [...byDistance(sure, nodeId), ...byDistance(doubtful, nodeId)];',
    replace: 'return [];',
    nets: ['rings'],
  },
  {
    name: 'who was dead before a freeze stays dead',
    file: 'pastry/node.ts',
    find: 'this.#membership.doubtAllDeaths();',
    replace: '',
    nets: ['units'],
  },
  {
    name: 'nobody tells the living that they were found dead',
    file: 'pastry/node.ts',
    find: 'this.#leafKeeper.heard(from);',
    replace: '',
    nets: ['units'],
  },
  {
    name: 'repeated messages are handled again',
    file: 'pastry/forwarding.ts',
    find: 'if (this.#seen.has(name)) return;',
    replace: '',
    nets: ['units'],
  },
  {
    name: 'routes of any length are taken',
    file: 'pastry/forwarding.ts',
    find: ' || message.route.length > MAX_ROUTE)',
    replace: ')',
    nets: ['units'],
  },
  {
    name: 'nobody looks for a split ring',
    file: 'pastry/upkeep.ts',
    find: "if (this.#context.status === 'active') this.#context.emit({ type: 'ask-sponsor' });",
    replace: '',
    nets: ['rings'],
  },
  {
    name: 'a message may speak for another node',
    file: 'pastry/node.ts',
    find: "if ('self' in message && (message.self.nodeId !== from || ",
    replace: "if ('self' in message && (",
    nets: ['units'],
  },
  {
    name: 'the core reads a clock',
    file: 'timers.ts',
    find: 'this.#timerByName.set(name, { at, fire });',
    replace: 'this.#timerByName.set(name, { at: at + (Date.now() - Date.now()), fire });',
    nets: ['tidy'],
  },
  {
    name: 'the core imports from outside',
    file: 'pastry/recent.ts',
    find: 'export class Recent {',
    replace: "import '../../wire/limits.ts';\nexport class Recent {",
    nets: ['tidy'],
  },
];
