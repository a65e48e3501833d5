// What every command is given, and how it says that it cannot do what was asked.

import type { AskSecret } from '../../stores/ring-entries.ts';
import type { Say } from '../standard-streams.ts';

export interface CommandContext {
  /** Where the Discovery node listens. */
  readonly server: string;
  /** The user has named it, or the ring there. */
  readonly isServerSaid: boolean;
  /** Print JSON for programs instead of lines for people. */
  readonly json: boolean;
  /** Prints one line of what was asked for. */
  readonly print: Say;
  /** Tells what the user should know meanwhile, apart from what was asked for. */
  readonly tell: Say;
  /** True if somebody watches: progress may be drawn. */
  readonly isWatched: boolean;
  /** The password of a closed ring, or an invitation's secret; undefined if the user gives none. */
  readonly askSecret: AskSecret;
  /** Aborted when the user or the system wants the command to stop. */
  readonly signal: AbortSignal;
}

/** 0: done. 1: failed. (2, wrong use, is the command line's, and of a WrongUse.) */
export type ExitCode = 0 | 1;

/** A command cannot go on, and nobody made a mistake in the program: the message is for people, in one line. */
export class CommandError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CommandError';
  }
}

/** What was written on the command line cannot be meant so. */
export class WrongUse extends CommandError {}
