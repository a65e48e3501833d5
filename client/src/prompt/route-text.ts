// A route as people read it: one node a line, with the number of its hop.

import type { NodeId } from '../core/pastry/id.ts';

export function routeLines(route: readonly NodeId[], head = 'route'): readonly string[] {
  return [head, ...route.map((nodeId, hop) => `  ${hop} ${nodeId}`)];
}
