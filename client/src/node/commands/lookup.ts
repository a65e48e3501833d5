// `tabring lookup <key>`: the root of a key, and the way there.

import { type Client, withClient } from './client.ts';
import type { CommandContext, ExitCode } from './context.ts';
import { printRoute } from './print-route.ts';

export function lookup(context: CommandContext, key: string): Promise<ExitCode> {
  return withClient<ExitCode>(context, async ({ peer, randomNode, route }: Client) => {
    const found = await peer.lookup(key);
    const nodes = route(found.route);
    if (context.json) {
      const { key: padded, root } = found;
      context.print(JSON.stringify({ randomNode, key: padded, root, route: nodes, hops: nodes.length - 1 }));
      return 0;
    }
    context.print(`random node ${randomNode}`);
    context.print(`key ${found.key}`);
    printRoute(context, nodes);
    context.print(`root ${found.root}`);
    return 0;
  });
}
