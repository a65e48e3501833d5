// The options of the Discovery node about ids: the ring's key, certificates, and who may choose.

import { join } from 'node:path';
import { DEFAULT_ADMISSIONS_PER_ADDRESS, DEFAULT_CERTIFICATE_SECONDS } from './limits.ts';
import { OptionError, positiveNumber, wholeNumber } from './option-values.ts';
import { CHOSEN_IDS, type ChosenIds } from './visitors.ts';

/** In the working directory. */
const DEFAULT_RING_KEY = join('.tabring', 'ring-key.json');

const SECONDS_PER_DAY = 24 * 60 * 60;
/** A certificate without an end could never be taken back. */
const MAX_CERTIFICATE_DAYS = 366;

export const IDENTITY_USAGE = `Ids and certificates (docs/command-line.md):
  --ring-key <file>        the ring's key, made at the first start; the records of ids lie beside it (RING_KEY; ${DEFAULT_RING_KEY})
  --certificate-days <n>   how long a certificate runs, and an absent node's id is kept for it (CERTIFICATE_DAYS; ${DEFAULT_CERTIFICATE_SECONDS / SECONDS_PER_DAY})
  --chosen-ids <whose>     all, local or none: visitors who may choose an id; local: from this machine and private networks (CHOSEN_IDS; local)
  --admissions <n>         new nodes that one address may bring at once; an eighth of them again in each hour (${DEFAULT_ADMISSIONS_PER_ADDRESS})`;

/** For node:util's parseArgs. */
export const IDENTITY_OPTIONS = {
  'ring-key': { type: 'string' },
  'certificate-days': { type: 'string' },
  'chosen-ids': { type: 'string' },
  admissions: { type: 'string' },
} as const;

type Values = { readonly [K in keyof typeof IDENTITY_OPTIONS]?: string | undefined };

export interface IdentityConfig {
  readonly ringKeyPath: string;
  readonly certificateSeconds: number;
  readonly chosenIds: ChosenIds;
  /** Undefined: as many as do not get in the way of --max-per-address. */
  readonly admissionsPerAddress: number | undefined;
}

/** Throws an OptionError. */
export function identityConfig(
  values: Values,
  environment: Readonly<Record<string, string | undefined>>,
): IdentityConfig {
  return {
    ringKeyPath: values['ring-key'] || environment.RING_KEY || DEFAULT_RING_KEY,
    certificateSeconds: certificateSeconds(values['certificate-days'] ?? (environment.CERTIFICATE_DAYS || undefined)),
    chosenIds: chosenIds(values['chosen-ids'] ?? (environment.CHOSEN_IDS || undefined)),
    admissionsPerAddress: admissions(values.admissions),
  };
}

function certificateSeconds(text: string | undefined): number {
  const days = positiveNumber('--certificate-days', text, DEFAULT_CERTIFICATE_SECONDS / SECONDS_PER_DAY);
  if (days > MAX_CERTIFICATE_DAYS)
    throw new OptionError(`--certificate-days must be at most ${MAX_CERTIFICATE_DAYS}, not ${days}`);
  return Math.max(1, Math.round(days * SECONDS_PER_DAY));
}

function admissions(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = wholeNumber('--admissions', text, DEFAULT_ADMISSIONS_PER_ADDRESS);
  if (value === 0) throw new OptionError('--admissions must be at least 1: with none nobody could ever join');
  return value;
}

function chosenIds(text = 'local'): ChosenIds {
  const found = CHOSEN_IDS.find((name) => name === text);
  if (found === undefined) throw new OptionError(`--chosen-ids must be ${CHOSEN_IDS.join(', ')}, not "${text}"`);
  return found;
}
