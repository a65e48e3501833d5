// `remove`, `pin` and `unpin`: what the owner of a file does with it, by its link, id or name.

import type { OwnFile, PeerApi } from '../peer/api.ts';
import { isLinkOrId, parseFileLink } from '../peer/parse-file-link.ts';
import { type PromptCommand, PromptError } from './command.ts';
import { removedLine, untilText } from './lease-text.ts';

export function ownFileCommands(peer: PeerApi): readonly PromptCommand[] {
  const parameters = ['<link, id or name>'];
  const complete = (): readonly string[] => peer.listFiles().own.flatMap(({ fileId, name }) => [name, fileId]);
  return [
    {
      name: 'remove',
      parameters,
      help: 'delete a file that was stored from here',
      complete,
      run: async ([wanted = ''], print) => print(removedLine(await peer.remove(theOwn(peer, wanted).fileId))),
    },
    {
      name: 'pin',
      parameters,
      help: 'keep an own file on: renew its time now, and while this node is opened now and then',
      complete,
      run: async ([wanted = ''], print) => {
        const { fileId, name } = theOwn(peer, wanted);
        await peer.pin(fileId);
        print(`${name} is pinned, and kept ${untilText(theOwn(peer, fileId).expires)}`);
      },
    },
    {
      name: 'unpin',
      parameters,
      help: 'let an own file go when its time is over',
      complete,
      run: async ([wanted = ''], print) => {
        const { fileId, name, expires } = theOwn(peer, wanted);
        await peer.unpin(fileId);
        print(`${name} is kept ${untilText(expires)}, and then no more`);
      },
    },
  ];
}

/** Throws a PromptError if no own file is meant, or several are. */
function theOwn(peer: PeerApi, wanted: string): OwnFile {
  const { own } = peer.listFiles();
  const fileId = isLinkOrId(wanted) ? parseFileLink(wanted).fileId : undefined;
  const [file, ...others] = own.filter((one) => (fileId === undefined ? one.name === wanted : one.fileId === fileId));
  const shown = wanted.slice(0, 80);
  if (file === undefined) {
    throw new PromptError(
      `no file "${shown}" was stored from here: "list-files" tells which were. Only who stored a file can pin or remove it`,
    );
  }
  if (others.length > 0)
    throw new PromptError(`${others.length + 1} files called "${shown}" were stored from here: give the id of one`);
  return file;
}
