// `status`: how many copies a file has now, and whether it is safe.

import type { PeerApi } from '../peer/api.ts';
import type { PromptCommand } from './command.ts';
import type { PeerSurroundings } from './peer-commands.ts';
import { statusLines } from './status-text.ts';

export function statusCommand(surroundings: PeerSurroundings): PromptCommand {
  const { peer } = surroundings;
  return {
    name: 'status',
    parameters: ['<link, id or own file>'],
    help: 'how many copies a file has now, on how many devices, and whether it is safe',
    complete: () => peer.listFiles().own.flatMap(({ fileId, name }) => [name, fileId]),
    run: async ([text = ''], print) => {
      const status = await peer.fileStatus(ownFileId(peer, text) ?? text, { signal: surroundings.signal });
      for (const line of statusLines(status)) print(line);
    },
  };
}

/** Of the own file that was stored last under this name. */
function ownFileId(peer: PeerApi, name: string): string | undefined {
  return peer.listFiles().own.findLast((file) => file.name === name)?.fileId;
}
