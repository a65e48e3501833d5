// `lookup <key or name>`: the root of a key, and the way there.

import type { PeerApi } from '../peer/api.ts';
import type { PromptCommand } from './command.ts';
import { routeLines } from './route-text.ts';

export function lookupCommand(peer: PeerApi): PromptCommand {
  return {
    name: 'lookup',
    parameters: ['<key or name>'],
    help: 'the node that is responsible for a key (hex), or for the name of a file',
    run: async ([text = ''], print) => {
      const found = await peer.lookup(await keyOf(peer, text));
      print(`key ${found.key}`);
      for (const line of routeLines(found.route)) print(line);
      print(`root ${found.root}`);
    },
  };
}

/** Hex that is no longer than an id is a key; all else is the name of a file. Write ./cafe for a file called cafe. */
async function keyOf(peer: PeerApi, text: string): Promise<string> {
  const isKey = text.length <= peer.inspect().params.digits && /^[0-9a-f]+$/i.test(text);
  return isKey ? text : peer.keyOfName(text);
}
