// The Discovery node's prompt on a terminal, or from a pipe.

import type { LineReader } from '../client/src/prompt/line-reader.ts';
import { Prompt } from '../client/src/prompt/prompt.ts';
import { discoveryCommands } from './prompt.ts';
import type { DiscoveryNode } from './server.ts';

/** Reads commands until the end of the input. At that of a terminal (Ctrl+D) it stops, at a pipe's it goes on: services have none. */
export function startPrompt(node: DiscoveryNode, lines: LineReader, stop: () => Promise<void>): void {
  const prompt = new Prompt(discoveryCommands(node, stop), {
    print: lines.print,
    complain: lines.tell,
    bug: lines.bug,
  });
  lines.start({
    prompt: 'tabring> ',
    run: (line) => prompt.run(line),
    complete: (line) => prompt.complete(line),
    ended: (isTerminal) => {
      if (isTerminal) void stop();
    },
  });
}
