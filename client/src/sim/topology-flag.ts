// The --topology flag, which several commands take.

import { type Flags, UsageError } from './arguments.ts';
import type { TopologyName } from './topology.ts';

export function topologyFlag(flags: Flags): TopologyName {
  const name = flags.text('topology') ?? 'plane';
  if (name !== 'plane' && name !== 'transit-stub') {
    throw new UsageError(`--topology is plane or transit-stub, not "${name}"`);
  }
  return name;
}
