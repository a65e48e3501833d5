// The commands of a peer's prompt, the same on a terminal and on the page. What differs there, files and how it ends, is the
// surroundings' (PeerSurroundings).

import type { PeerApi } from '../peer/api.ts';
import type { FileHead } from '../peer/retrieved-file.ts';
import { classroomLeafSetLines, classroomRoutingTableLines, isClassroomRing } from './classroom-text.ts';
import { type Print, type PromptCommand, PromptError } from './command.ts';
import { retrieveCommand, storeCommand } from './file-commands.ts';
import { fileLines } from './files-text.ts';
import { LOUDNESSES, type Loudness } from './happenings.ts';
import { lookupCommand } from './lookup-command.ts';
import { ownFileCommands } from './own-file-commands.ts';
import { statusCommand } from './status-command.ts';
import type { StorableFile } from './store-text.ts';
import { leafSetLines, routingTableLines } from './tables-text.ts';

/**
 * Fetches a file and saves it, whole or not at all; says in words where it went. `begin` is told what it is before its
 * content is fetched. Rejects with a PromptError if it cannot be saved, and as PeerApi.retrieve does.
 */
export type FetchAndSave = (link: string, begin: (head: FileHead) => void) => Promise<string>;

export interface PeerSurroundings {
  readonly peer: PeerApi;
  /** What `store` takes here: a path, or nothing where files are chosen by hand. */
  readonly storeParameters: readonly string[];
  /** Rejects with a PromptError if there is no such file, or none was chosen. */
  open(path: string | undefined): Promise<readonly StorableFile[]>;
  /** What `retrieve` takes here after the link, id or name. */
  readonly saveParameters: readonly string[];
  /** Rejects with a PromptError if nothing can be saved there: before anything is fetched. */
  prepareToSave(path: string | undefined): Promise<FetchAndSave>;
  /** What a path that is being typed may become. */
  completePath?(start: string): readonly string[];
  /** Leaves the ring in good order, if it has not left. */
  leave(): Promise<void>;
  /** What is printed as it happens. */
  readonly happenings: { loudness: Loudness };
  /** Aborted when the command that runs now is to stop. */
  readonly signal: AbortSignal;
  /** How wide the terminal is now, if answers go to one. */
  columns?(): number | undefined;
  /** What `exit` does here. */
  readonly exitHelp: string;
}

export function peerCommands(surroundings: PeerSurroundings): readonly PromptCommand[] {
  const { peer, happenings, exitHelp } = surroundings;
  const printLeafSet = (print: Print): void => printAll(print, leafSetLines(peer.inspect()));
  const printRoutingTable = (print: Print): void =>
    printAll(print, routingTableLines(peer.inspect(), surroundings.columns?.()));
  const isCourse = (): boolean => isClassroomRing(peer.inspect().params);
  return [
    {
      name: 'print-dht',
      help: 'the leaf set by id, and the routing table row by row',
      run: (_, print) => {
        printLeafSet(print);
        printRoutingTable(print);
      },
    },
    {
      name: 'leaf-set',
      help: 'the leaf set alone; in a classroom ring in the course’s format',
      run: (_, print) => {
        if (isCourse()) printAll(print, classroomLeafSetLines(peer.inspect()));
        else printLeafSet(print);
      },
    },
    {
      name: 'routing-table',
      help: 'the routing table alone; in a classroom ring in the course’s format',
      run: (_, print) => {
        if (isCourse()) printAll(print, classroomRoutingTableLines(peer.inspect()));
        else printRoutingTable(print);
      },
    },
    {
      name: 'list-files',
      help: 'the files stored from here, and the blocks held for the ring',
      run: (_, print) => printAll(print, fileLines(peer.listFiles())),
    },
    lookupCommand(peer),
    storeCommand(surroundings),
    retrieveCommand(surroundings),
    statusCommand(surroundings),
    ...ownFileCommands(peer),
    { name: 'id', help: 'the id of this node', run: (_, print) => print(peer.nodeId) },
    {
      name: 'events',
      parameters: ['[none|changes|all]'],
      help: 'what is printed as it happens',
      complete: () => LOUDNESSES,
      run: ([wanted], print) => {
        const loudness = LOUDNESSES.find((name) => name === wanted);
        if (wanted !== undefined && loudness === undefined) {
          throw new PromptError(`"${wanted.slice(0, 80)}" is none of: ${LOUDNESSES.join(', ')}`);
        }
        happenings.loudness = loudness ?? happenings.loudness;
        print(`events: ${happenings.loudness}`);
      },
    },
    {
      name: 'remove-node',
      help: 'hand the blocks over, leave the ring, and tell the Discovery node',
      run: async (_, print) => {
        const { objects } = peer.inspect().held;
        if (peer.status === 'left') throw new PromptError('this node has left the ring already');
        print(`leaving: handing over ${objects === 1 ? '1 block' : `${objects} blocks`}`);
        await surroundings.leave();
        print(`node ${peer.nodeId} is removed`);
      },
    },
    { name: 'exit', aliases: ['quit'], help: exitHelp, run: () => surroundings.leave() },
  ];
}

function printAll(print: Print, lines: readonly string[]): void {
  for (const line of lines) print(line);
}
