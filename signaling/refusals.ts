// How the Discovery node says no: a code for programs, a sentence for people, a counter for the operator.

import * as v from 'valibot';
import type { CounterName } from './metrics.ts';
import type { Refusal } from './protocol.ts';

export type RefusalCode = Refusal['error']['code'];

export interface Refused {
  readonly refused: Refusal;
  readonly counter: CounterName;
  /** The tab is also told to leave, for this reason. */
  readonly removal: string | undefined;
  readonly answer?: undefined;
}

/** What a request gets: an answer or a refusal. */
export type Answered<Answer> = { readonly answer: Answer; readonly refused?: undefined } | Refused;

interface Extras {
  /** By default the one that is called like the code. */
  readonly counter?: CounterName;
  readonly retrySeconds?: number;
  readonly removal?: string;
}

export function refused(code: RefusalCode, message: string, extras: Extras = {}): Refused {
  const { counter = code, retrySeconds, removal } = extras;
  const error = retrySeconds === undefined ? { code, message } : { code, message, retrySeconds };
  return { refused: { error }, counter, removal };
}

export const NOT_REGISTERED = refused('not-registered', 'Register first.');
export const NO_SUCH_TAB = refused('unknown-peer', 'No tab of this id is registered.');

/** Of a sentence that quotes what came: enough to see what is meant. */
const MAX_QUOTED_CHARACTERS = 200;

/** The first thing that is wrong with a request, in words. */
export function firstIssue(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues;
  const path = v.getDotPath(issue);
  const text = path === null ? issue.message : `${path}: ${issue.message}`;
  return text.slice(0, MAX_QUOTED_CHARACTERS);
}
