// A command at a prompt: what it is called, what it takes, and what it does. The tables of commands are made of these,
// the Discovery node's and a peer's, on a terminal and on the page.

export type Print = (line: string) => void;

export interface PromptCommand {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** As help shows them, required ones first: '<key or name>', then optional ones: '[path]'. */
  readonly parameters?: readonly string[];
  /** What it does, in a few words after its name. */
  readonly help: string;
  /** `words`: as many as `parameters` allow. Rejects with a PromptError or a PeerError if it cannot be done. */
  run(words: readonly string[], print: Print): Promise<void> | void;
  /** What its last word, of which `start` is typed, may be. */
  complete?(start: string): readonly string[];
}

/** A command cannot do what was asked, and nobody made a mistake in the program: the message is for people, in one line. */
export class PromptError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PromptError';
  }
}

/** A command as one types it: `retrieve <link, id or name> [path]`. */
export function usageOf({ name, parameters = [] }: PromptCommand): string {
  return [name, ...parameters].join(' ');
}
