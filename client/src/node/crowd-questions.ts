// What a program may ask a process of many peers, line by line on its standard input: "<number> <question> [arguments]",
// answered by "answer <number> <JSON>" or "failed <number> <why>", in any order.
//   inspect             all inspections       measure                        what the process costs (CrowdMeasure)
//   join                a new peer's id       leave <id>, goodbye <id>       null when it has gone
//   lookup <id> <key>   what that peer finds  roots <key>                    what each peer finds as the root

import { createInterface } from 'node:readline';
import { idFromPrefix, type NodeId } from '../core/pastry/id.ts';
import type { PeerCrowd } from './peer-crowd.ts';
import type { Say } from './standard-streams.ts';

export function answerQuestions(crowd: PeerCrowd, print: Say): void {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const [number = '', question = '', ...parameters] = line.trim().split(' ');
    try {
      print(`answer ${number} ${JSON.stringify((await answer(crowd, question, parameters)) ?? null)}`);
    } catch (error) {
      print(`failed ${number} ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

async function answer(crowd: PeerCrowd, question: string, [first = '', second = '']: readonly string[]) {
  switch (question) {
    case 'inspect':
      return crowd.inspections();
    case 'measure':
      return crowd.measure();
    case 'join':
      return crowd.join();
    case 'leave':
    case 'goodbye':
      return crowd.part(toNodeId(first), question);
    case 'lookup':
      return crowd.lookup(toNodeId(first), second);
    case 'roots':
      return Promise.all(crowd.inspections().map(async ({ nodeId }) => (await crowd.lookup(nodeId, first)).root));
    default:
      throw new Error(`unknown question "${question}"`);
  }
}

function toNodeId(text: string): NodeId {
  const id = idFromPrefix(text, text.length);
  if (id === undefined) throw new Error(`"${text}" is no id`);
  return id;
}
