// The commands of the Discovery node's prompt: who is registered, and sending a node away.

import { type Id, isId } from '../client/src/core/pastry/id.ts';
import { isClassroomRing, nodeLine } from '../client/src/prompt/classroom-text.ts';
import { type PromptCommand, PromptError } from '../client/src/prompt/command.ts';
import type { ListedNode } from './operator.ts';
import type { DiscoveryNode } from './server.ts';

/** Of a device's name; the whole is 32 characters of chance. */
const DEVICE_CHARACTERS = 8;

/** `stop` ends the Discovery node. */
export function discoveryCommands(
  node: Pick<DiscoveryNode, 'params' | 'nodes' | 'remove'>,
  stop: () => Promise<void>,
): readonly PromptCommand[] {
  return [
    {
      name: 'list-nodes',
      help: 'the nodes that are registered here, by id: address, device, since when, last seen; in a classroom ring “address, id”',
      run: (_, print) => {
        for (const line of nodeLines(node)) print(line);
      },
    },
    {
      name: 'remove-node',
      parameters: ['<id>'],
      help: 'send a node away, by its id or first digits: it hands its blocks over and leaves; or free the whole id of an absent one',
      complete: () => node.nodes().map(({ nodeId }) => nodeId),
      run: async ([prefix = ''], print) => {
        // Who is absent is in no list, but its id is kept for it.
        if (isId(prefix, node.params.digits) && (await node.remove(prefix))) {
          print(`node ${prefix} is removed`);
          return;
        }
        const nodeId = theNode(node.nodes(), prefix);
        if (!(await node.remove(nodeId))) throw new PromptError(`${nodeId} has just gone by itself`);
        print(`node ${nodeId} is removed`);
      },
    },
    { name: 'exit', aliases: ['quit'], help: 'stop; the ring goes on without', run: stop },
  ];
}

function nodeLines({ params, nodes }: Pick<DiscoveryNode, 'params' | 'nodes'>): readonly string[] {
  if (isClassroomRing(params)) return nodes().map(({ nodeId, device }) => nodeLine(nodeId, device));
  const rows = nodes().map(({ nodeId, address, device, ageMs, silenceMs }) => [
    ...[nodeId, address, device.slice(0, DEVICE_CHARACTERS)],
    ...[`since ${formatAge(ageMs)}`, `seen ${formatAge(silenceMs)} ago`],
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const head = rows.length === 1 ? '1 node' : `${rows.length} nodes`;
  return [
    head,
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd()),
  ];
}

function theNode(nodes: readonly ListedNode[], prefix: string): Id {
  const found = nodes.filter(({ nodeId }) => nodeId.startsWith(prefix.toLowerCase()));
  const [only] = found;
  if (only === undefined) throw new PromptError(`no node "${prefix.slice(0, 80)}" is registered: see list-nodes`);
  if (found.length > 1) throw new PromptError(`${found.length} nodes begin with "${prefix}": give more of the id`);
  return only.nodeId;
}

/** 12 s, 5 min, 2 h 5 min. */
function formatAge(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
