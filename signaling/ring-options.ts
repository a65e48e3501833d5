// The options of the Discovery node that set the ring's parameters.

import * as v from 'valibot';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { OptionError, wholeNumber } from './option-values.ts';
import { ringParamsSchema } from './protocol.ts';

/** The ring of the course that this project descends from: 16-bit ids, one leaf on each side. */
const CLASSROOM_RING: RingParams = { ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize: 2 };

/** As they stand on a command line, and what they mean. */
export const PARAM_FLAGS: readonly (readonly [flags: string, help: string])[] = [
  [
    '--classroom',
    "ids of 4 digits, a leaf set of 2, and public files under the course's 16-bit keys (docs/classroom.md)",
  ],
  ['--digits <n>', `hex digits of an id (${DEFAULT_RING_PARAMS.digits})`],
  ['--leaf-set <n>', `nodes in a leaf set, even (${DEFAULT_RING_PARAMS.leafSetSize})`],
  ['--neighborhood-set <n>', `nodes in a neighborhood set (${DEFAULT_RING_PARAMS.neighborhoodSize})`],
  ['--replicas <n>', `copies of each file (${DEFAULT_RING_PARAMS.replicas})`],
  ['--segment-bytes <n>', `bytes of a file kept together (${DEFAULT_RING_PARAMS.segmentBytes})`],
  [
    '--lease-days <n>',
    `days for which a file is kept without a word of its owner's (${DEFAULT_RING_PARAMS.leaseDays})`,
  ],
  ['--link-budget <n>', `links a tab keeps open at most, its leaf set's included (${DEFAULT_RING_PARAMS.linkBudget})`],
  ['--check-roots', 'nodes check who answers for a key, against members that collude: dear (docs/security.md)'],
];
const FLAG_COLUMN = 24;

export const RING_USAGE = `Parameters of the ring, the same for all its tabs:
${PARAM_FLAGS.map(([flags, help]) => `  ${flags.padEnd(FLAG_COLUMN)} ${help}`).join('\n')}`;

const OPTION_BY_PARAM = {
  digits: 'digits',
  leafSetSize: 'leaf-set',
  neighborhoodSize: 'neighborhood-set',
  replicas: 'replicas',
  segmentBytes: 'segment-bytes',
  leaseDays: 'lease-days',
  linkBudget: 'link-budget',
} as const;

type ParamOption = (typeof OPTION_BY_PARAM)[keyof typeof OPTION_BY_PARAM];
type Values = { readonly [K in ParamOption]?: string | undefined } & {
  readonly classroom?: boolean | undefined;
  readonly 'check-roots'?: boolean | undefined;
};

/** For node:util's parseArgs. */
export const RING_OPTIONS = {
  classroom: { type: 'boolean' },
  digits: { type: 'string' },
  'leaf-set': { type: 'string' },
  'neighborhood-set': { type: 'string' },
  replicas: { type: 'string' },
  'segment-bytes': { type: 'string' },
  'lease-days': { type: 'string' },
  'link-budget': { type: 'string' },
  'check-roots': { type: 'boolean' },
} as const;

/** Throws an OptionError. */
export function ringParams(values: Values): RingParams {
  const defaults = values.classroom === true ? CLASSROOM_RING : DEFAULT_RING_PARAMS;
  const read = (param: keyof typeof OPTION_BY_PARAM): number =>
    wholeNumber(`--${OPTION_BY_PARAM[param]}`, values[OPTION_BY_PARAM[param]], defaults[param]);
  const params: RingParams = {
    digits: read('digits'),
    leafSetSize: read('leafSetSize'),
    neighborhoodSize: read('neighborhoodSize'),
    replicas: read('replicas'),
    segmentBytes: read('segmentBytes'),
    leaseDays: read('leaseDays'),
    linkBudget: read('linkBudget'),
    checksRoots: values['check-roots'] ?? defaults.checksRoots,
  };
  if (values.classroom === true && params.digits !== CLASSROOM_RING.digits) {
    throw new OptionError('--classroom means ids of 4 digits: leave --digits away');
  }
  // The tabs check with the same schema: what it refuses no tab would accept.
  const checked = v.safeParse(ringParamsSchema, params);
  if (!checked.success) {
    const name = v.getDotPath(checked.issues[0]);
    const option = Object.entries(OPTION_BY_PARAM).find(([param]) => param === name)?.[1];
    throw new OptionError(`--${option} is out of range: ${checked.issues[0].message}`);
  }
  if (params.leafSetSize % 2 !== 0) throw new OptionError('--leaf-set must be even: half of it is on each side');
  return params;
}
