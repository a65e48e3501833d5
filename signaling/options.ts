// The Discovery node's command line and environment: what may be set, and a clear sentence about what is wrong.

import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { DEFAULT_MAX_PEERS_PER_ADDRESS } from './limits.ts';
import { Registration } from './protocol.ts';

const DEFAULT_PORT = 8080;
const MAX_PORT = 65_535;

export const USAGE = `Usage: npm start -- [options]

  --port <number>          port to listen on, 0 for any (PORT; ${DEFAULT_PORT})
  --host <address>         address to listen on (HOST; all of this machine's)
  --max-per-address <n>    tabs that one network address may register (${DEFAULT_MAX_PEERS_PER_ADDRESS})
  --ice-servers <json>     STUN and TURN servers for the tabs, as a JSON array of {urls, username, credential} (ICE_SERVERS; none)
  --help                   print this

Parameters of the ring, the same for all its tabs:
  --digits <n>             hex digits of an id (${DEFAULT_RING_PARAMS.digits}; 4 for a classroom ring)
  --leaf-set <n>           nodes in a leaf set, even (${DEFAULT_RING_PARAMS.leafSetSize})
  --neighborhood-set <n>   nodes in a neighborhood set (${DEFAULT_RING_PARAMS.neighborhoodSize})
  --replicas <n>           copies of each file (${DEFAULT_RING_PARAMS.replicas})
  --segment-bytes <n>      bytes of a file kept together (${DEFAULT_RING_PARAMS.segmentBytes})
  --link-budget <n>        links a tab keeps open beside its leaf set (${DEFAULT_RING_PARAMS.linkBudget})`;

export interface CommandLine {
  readonly port: number;
  readonly host: string | undefined;
  readonly maxPeersPerAddress: number;
  readonly iceServers: Registration['iceServers'];
  readonly params: RingParams;
}

export type ParsedCommandLine =
  | { readonly type: 'run'; readonly options: CommandLine }
  | { readonly type: 'help' }
  | { readonly type: 'error'; readonly message: string };

/** One option that does not make sense; the message names it. */
class OptionError extends Error {}

/** Reads the arguments after the program's name; an argument wins over the environment. */
export function parseCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ParsedCommandLine {
  try {
    const { values, positionals } = parseOptions(args);
    if (values.help === true) return { type: 'help' };
    const fromNpm = npmOptions(environment, positionals);
    return {
      type: 'run',
      options: {
        port: port(values.port ?? fromNpm.port, environment.PORT),
        host: values.host ?? fromNpm.host ?? (environment.HOST || undefined),
        maxPeersPerAddress: wholeNumber('--max-per-address', values['max-per-address'], DEFAULT_MAX_PEERS_PER_ADDRESS),
        iceServers: iceServers(values['ice-servers'] ?? environment.ICE_SERVERS),
        params: ringParams(values),
      },
    };
  } catch (error) {
    if (error instanceof OptionError) return { type: 'error', message: error.message };
    throw error;
  }
}

type Values = ReturnType<typeof parseOptions>['values'];

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'max-per-address': { type: 'string' },
        'ice-servers': { type: 'string' },
        digits: { type: 'string' },
        'leaf-set': { type: 'string' },
        'neighborhood-set': { type: 'string' },
        replicas: { type: 'string' },
        'segment-bytes': { type: 'string' },
        'link-budget': { type: 'string' },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    // parseArgs names the option; its second sentence explains "--" to programmers.
    throw new OptionError(error instanceof Error ? (error.message.split(/\. |\n/, 1)[0] ?? '') : String(error));
  }
}

/**
 * The options of "npm start --port 1", without the two dashes. npm takes them for its own: it puts them in the environment,
 * or, if a space follows, puts "true" there and leaves the value as an argument without a name.
 */
function npmOptions(
  environment: Readonly<Record<string, string | undefined>>,
  positionals: readonly string[],
): { readonly port: string | undefined; readonly host: string | undefined } {
  const unnamed = [...positionals];
  const take = (name: string, fits: (text: string) => boolean): string | undefined => {
    const value = environment[`npm_config_${name}`] || undefined;
    const index = value === 'true' ? unnamed.findIndex(fits) : -1;
    return index < 0 ? value : unnamed.splice(index, 1)[0];
  };
  const port = take('port', (text) => /^\d+$/.test(text));
  const host = take('host', () => true);
  if (unnamed[0] !== undefined) throw new OptionError(`Unexpected argument "${unnamed[0]}"`);
  return { port, host };
}

function port(argument: string | undefined, variable: string | undefined): number {
  if (argument !== undefined) return checkedPort('--port', argument);
  return variable ? checkedPort('PORT', variable) : DEFAULT_PORT;
}

function checkedPort(name: string, text: string): number {
  const value = wholeNumber(name, text, DEFAULT_PORT);
  if (value > MAX_PORT) throw new OptionError(`${name} must be at most ${MAX_PORT}, not ${value}`);
  return value;
}

function wholeNumber(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  if (!/^\d{1,9}$/.test(text)) throw new OptionError(`${name} must be a whole number, not "${text}"`);
  return Number(text);
}

const OPTION_BY_PARAM = {
  digits: 'digits',
  leafSetSize: 'leaf-set',
  neighborhoodSize: 'neighborhood-set',
  replicas: 'replicas',
  segmentBytes: 'segment-bytes',
  linkBudget: 'link-budget',
} as const;

function ringParams(values: Values): RingParams {
  const read = (param: keyof typeof OPTION_BY_PARAM): number =>
    wholeNumber(`--${OPTION_BY_PARAM[param]}`, values[OPTION_BY_PARAM[param]], DEFAULT_RING_PARAMS[param]);
  const params: RingParams = {
    digits: read('digits'),
    leafSetSize: read('leafSetSize'),
    neighborhoodSize: read('neighborhoodSize'),
    replicas: read('replicas'),
    segmentBytes: read('segmentBytes'),
    linkBudget: read('linkBudget'),
  };
  // The tabs check with the same schema: what it refuses no tab would accept.
  const checked = v.safeParse(Registration.entries.params, params);
  if (!checked.success) {
    const name = v.getDotPath(checked.issues[0]);
    const option = Object.entries(OPTION_BY_PARAM).find(([param]) => param === name)?.[1];
    throw new OptionError(`--${option} is out of range: ${checked.issues[0].message}`);
  }
  if (params.leafSetSize % 2 !== 0) throw new OptionError('--leaf-set must be even: half of it is on each side');
  return params;
}

function iceServers(text: string | undefined): Registration['iceServers'] {
  if (!text) return [];
  const example = `'[{"urls":["stun:stun.example.org"]}]'`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new OptionError(`--ice-servers is no JSON; write for example ${example}`, { cause: error });
  }
  const checked = v.safeParse(Registration.entries.iceServers, json);
  if (!checked.success) throw new OptionError(`--ice-servers is malformed; write for example ${example}`);
  return checked.output;
}
