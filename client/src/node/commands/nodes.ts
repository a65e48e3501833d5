// `tabring nodes`: the nodes of the ring, as the ring itself knows them.

import { walkRing } from '../ring-walk.ts';
import { type Client, withClient } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';

export function nodes(context: CommandContext, limit: number): Promise<ExitCode> {
  return withClient<ExitCode>(context, {}, async ({ peer, randomNode }: Client) => {
    const { digits } = peer.inspect().params;
    const { nodes: found, isWhole } = await walkRing(digits, limit, async (key) => (await peer.lookup(key)).root);
    if (context.json) {
      context.print(JSON.stringify({ randomNode, nodes: found, isWhole }));
      return 0;
    }
    context.print(`random node ${randomNode}`, 'faint');
    for (const nodeId of found) context.print(nodeId);
    const count = `${found.length} ${found.length === 1 ? 'node' : 'nodes'}`;
    context.print(isWhole ? count : `${count}, and there are more: raise --limit`);
    return 0;
  });
}
