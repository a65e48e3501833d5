// The options of the Discovery node that let it carry frames between tabs that nothing else joins.

import { DEFAULT_RELAY_MEGABYTES_PER_SECOND } from './limits.ts';
import { isSwitchedOn, OptionError, positiveNumber } from './option-values.ts';

export const RELAY_USAGE = `  --relay                  carry sealed bytes for pairs of tabs that nothing else joins, as a last resort (RELAY=1)
  --relay-rate <n>         megabytes a second for all of them together, with --relay (RELAY_RATE; ${DEFAULT_RELAY_MEGABYTES_PER_SECOND})`;

/** For node:util's parseArgs. */
export const RELAY_OPTIONS = {
  relay: { type: 'boolean' },
  'relay-rate': { type: 'string' },
} as const;

interface Values {
  readonly relay?: boolean | undefined;
  readonly 'relay-rate'?: string | undefined;
}

/** Bytes a second of all pairs together; undefined: nothing is carried. Throws an OptionError. */
export function relayConfig(
  values: Values,
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const isOn = values.relay === true || isSwitchedOn('RELAY', environment.RELAY);
  const rate = values['relay-rate'] ?? (environment.RELAY_RATE || undefined);
  if (!isOn && rate !== undefined) throw new OptionError('--relay-rate wants --relay too');
  return isOn ? positiveNumber('--relay-rate', rate, DEFAULT_RELAY_MEGABYTES_PER_SECOND) * 1_000_000 : undefined;
}
