// A prompt: reads a line, finds its command and runs it. Whatever a user types wrong is answered in one line that says what
// to do. Knows nothing of terminals and pages.

import { PeerError } from '../peer/errors.ts';
import { withoutLongWords } from '../text/long-words.ts';
import { type Print, type PromptCommand, PromptError, usageOf } from './command.ts';
import { quoted, splitWords } from './words.ts';

export interface PromptSink {
  /** One line of an answer. */
  print: Print;
  /** One line that says what is wrong. */
  complain: Print;
  /** A mistake in the program, for whoever mends it. */
  bug(error: unknown): void;
}

export class Prompt {
  readonly #commands: readonly PromptCommand[];
  readonly #sink: PromptSink;

  /** Adds `help` to the commands. */
  constructor(commands: readonly PromptCommand[], sink: PromptSink) {
    this.#commands = [...commands, this.#help()];
    this.#sink = sink;
  }

  /** Runs a line; resolves when its command is done, and never rejects. False if it failed. */
  async run(line: string): Promise<boolean> {
    let prefix = '';
    try {
      const [name, ...words] = splitWords(line);
      if (name === undefined) return true;
      const command = this.#find(name);
      prefix = `${command.name}: `;
      checkCount(command, words);
      await command.run(words, this.#sink.print);
      return true;
    } catch (error) {
      if (error instanceof PeerError || error instanceof PromptError) {
        this.#sink.complain(prefix + withoutLongWords(error.message));
      } else {
        this.#sink.complain(
          `${prefix}something unexpected went wrong: ${error instanceof Error ? error.message : error}`,
        );
        this.#sink.bug(error);
      }
      return false;
    }
  }

  /** The lines that `line` may become when its last word is completed. */
  complete(line: string): readonly string[] {
    const start = /\S*$/.exec(line)?.[0] ?? '';
    const before = line.slice(0, line.length - start.length);
    const [name] = before.trim().split(/\s+/);
    const command = this.#commands.find((candidate) => isCalled(candidate, name ?? ''));
    const words = name ? (command?.complete?.(start) ?? []) : this.#names();
    return words.filter((word) => word.startsWith(start)).map((word) => before + quoted(word));
  }

  #find(name: string): PromptCommand {
    const command = this.#commands.find((candidate) => isCalled(candidate, name));
    if (command !== undefined) return command;
    throw new PromptError(`unknown command "${name.slice(0, 80)}": type "help" for those there are`);
  }

  #names(): readonly string[] {
    return this.#commands
      .flatMap(({ name, aliases = [] }) => [name, ...aliases.filter((alias) => alias !== '?')])
      .sort();
  }

  #help(): PromptCommand {
    return {
      name: 'help',
      aliases: ['?'],
      parameters: ['[command]'],
      help: 'the commands, or what one of them does',
      complete: () => this.#names(),
      run: ([name], print) => {
        const commands = name === undefined ? this.#commands : [this.#find(name)];
        const width = Math.max(...commands.map((command) => usageOf(command).length));
        for (const command of commands) {
          const { aliases = [], help } = command;
          const also = aliases.length === 0 ? '' : ` (also: ${aliases.join(', ')})`;
          print(`${usageOf(command).padEnd(width)}  ${help}${also}`);
        }
      },
    };
  }
}

function isCalled({ name, aliases = [] }: PromptCommand, word: string): boolean {
  return name === word || aliases.includes(word);
}

function checkCount(command: PromptCommand, words: readonly string[]): void {
  const { parameters = [] } = command;
  const missing = parameters.find((parameter, index) => parameter.startsWith('<') && index >= words.length);
  const usage = `type "${usageOf(command)}"`;
  if (missing !== undefined) throw new PromptError(`${missing} is missing: ${usage}`);
  const extra = words[parameters.length];
  if (extra === undefined) return;
  throw new PromptError(`"${extra.slice(0, 80)}" is too much: ${usage}; put quotes around what has spaces in it`);
}
