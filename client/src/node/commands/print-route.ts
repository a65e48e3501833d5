// A route as people read it: one node a line, with the number of its hop.

import type { NodeId } from '../../core/pastry/id.ts';
import type { CommandContext } from './context.ts';

export function printRoute({ print }: Pick<CommandContext, 'print'>, route: readonly NodeId[]): void {
  print('route');
  route.forEach((nodeId, hop) => {
    print(`  ${hop} ${nodeId}`);
  });
}
