// How full the tables are that strangers can fill: of all peers of this process, by where in the sources they are made. Most
// bounded tables are BoundedMaps; what else lives shows in the process's memory beside them.

import { BoundedMap } from '../../src/core/bounded-map.ts';

interface Watched {
  readonly place: string;
  readonly table: WeakRef<BoundedMap<unknown, unknown>>;
}

export class BoundedTables {
  readonly #watched: Watched[] = [];
  readonly #known = new WeakSet<object>();

  /** Watches all that anything is put into from now on. */
  constructor() {
    const { set } = BoundedMap.prototype;
    const note = (table: BoundedMap<unknown, unknown>): void => this.#note(table);
    Object.defineProperty(BoundedMap.prototype, 'set', {
      value: function (this: BoundedMap<unknown, unknown>, key: unknown, value: unknown): unknown {
        note(this);
        return Reflect.apply(set, this, [key, value]);
      },
    });
  }

  /** Entries of all tables that live, by the file and line where they are filled; those without any left out. */
  entries(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { place, table } of this.#watched) {
      const size = table.deref()?.size ?? 0;
      if (size > 0) sums[place] = (sums[place] ?? 0) + size;
    }
    return sums;
  }

  #note(table: BoundedMap<unknown, unknown>): void {
    if (this.#known.has(table)) return;
    this.#known.add(table);
    this.#watched.push({ place: callerOf(new Error('who calls?').stack ?? ''), table: new WeakRef(table) });
  }
}

/** The first line of a stack that is neither here nor in BoundedMap. */
function callerOf(stack: string): string {
  const lines = stack.split('\n').slice(1);
  const line = lines.find((each) => !each.includes('bounded-tables') && !each.includes('bounded-map')) ?? '';
  return /src\/([^)]*?:\d+)/.exec(line)?.[1] ?? line.trim();
}
