// The Discovery node's command line and environment: what may be set, and a clear sentence about what is wrong.

import { parseArgs } from 'node:util';
import type { RingParams } from '../client/src/core/pastry/params.ts';
import { ICE_OPTIONS, ICE_USAGE, iceConfig } from './ice-options.ts';
import type { IceConfig } from './ice-servers.ts';
import { IDENTITY_OPTIONS, IDENTITY_USAGE, type IdentityConfig, identityConfig } from './identity-options.ts';
import { DEFAULT_MAX_PEERS_PER_ADDRESS } from './limits.ts';
import { LOG_FORMATS, type LogFormat } from './logging.ts';
import { basePath, hostNames, isSwitchedOn, OptionError, origins, wholeNumber } from './option-values.ts';
import { RELAY_OPTIONS, RELAY_USAGE, relayConfig } from './relay-options.ts';
import { RING_OPTIONS, RING_USAGE, ringParams } from './ring-options.ts';
import type { TlsChoice } from './tls.ts';
import type { VisitorRules } from './visitors.ts';

const DEFAULT_PORT = 8080;
const MAX_PORT = 65_535;

/** `program`: what the user types before the options. */
export const usage = (program: string): string => `Usage: ${program} [options]
       ${program} ring --help   several rings, passwords and invitations

  --port <number>          port to listen on, 0 for any (PORT; ${DEFAULT_PORT})
  --host <address>         address to listen on (HOST; all of this machine's)
  --https                  serve https with a certificate made on the spot, for a LAN (HTTPS=1)
  --tls-cert <file>        serve https with this certificate, PEM (TLS_CERT)
  --tls-key <file>         and its key, PEM (TLS_KEY)
  --allowed-origins <list> origins of other pages that may use it, with commas between; * is any (ALLOWED_ORIGINS; its own)
  --host-name <names>      names of its own beside addresses and local names, with commas between (HOST_NAMES; none)
  --base-path <path>       where it is below a proxy that does not take the path off, such as /tabring (BASE_PATH; none)
  --trust-proxy            a proxy stands in front: believe its X-Forwarded-For and -Host (TRUST_PROXY=1)
  --log <format>           lines for people, or json, one object a line (LOG; lines)
  --metrics-token <token>  lets who shows it see /metrics from anywhere; else this machine alone may (METRICS_TOKEN)
  --redis <url>            several Discovery nodes of one ring share who is registered: redis://host:6379 (REDIS_URL; it is alone)
  --max-per-address <n>    tabs that one network address may register (${DEFAULT_MAX_PEERS_PER_ADDRESS})
  --help                   print this

${IDENTITY_USAGE}

${ICE_USAGE}
${RELAY_USAGE}

${RING_USAGE}`;

export interface CommandLine extends IceConfig, IdentityConfig {
  readonly port: number;
  readonly host: string | undefined;
  readonly maxPeersPerAddress: number;
  readonly params: RingParams;
  readonly visitors: VisitorRules;
  /** Such as /tabring; '' by default. */
  readonly basePath: string;
  /** Undefined: plain http. */
  readonly tls: TlsChoice | undefined;
  /** Undefined: only this machine may see the metrics. */
  readonly metricsToken: string | undefined;
  /** Undefined: this Discovery node is alone. */
  readonly redis: string | undefined;
  readonly log: LogFormat;
  /** Undefined: it carries nothing between tabs but signals. */
  readonly relayBytesPerSecond: number | undefined;
}

export type ParsedCommandLine =
  | { readonly type: 'run'; readonly options: CommandLine }
  | { readonly type: 'help' }
  | { readonly type: 'error'; readonly message: string };

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
        ...identityConfig(values, environment),
        ...iceConfig(values, environment),
        relayBytesPerSecond: relayConfig(values, environment),
        params: ringParams(values),
        visitors: {
          allowedOrigins: origins('--allowed-origins', values['allowed-origins'] ?? environment.ALLOWED_ORIGINS),
          hostNames: hostNames('--host-name', values['host-name']?.join(',') ?? environment.HOST_NAMES),
          trustProxy: values['trust-proxy'] === true || isSwitchedOn('TRUST_PROXY', environment.TRUST_PROXY),
        },
        basePath: basePath('--base-path', values['base-path'] ?? environment.BASE_PATH),
        tls: tls(values, environment),
        metricsToken: metricsToken(values['metrics-token'] ?? environment.METRICS_TOKEN),
        redis: redisUrl(values.redis ?? environment.REDIS_URL),
        log: logFormat(values.log ?? (environment.LOG || undefined)),
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
        https: { type: 'boolean' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        'allowed-origins': { type: 'string' },
        'host-name': { type: 'string', multiple: true },
        'base-path': { type: 'string' },
        'trust-proxy': { type: 'boolean' },
        'metrics-token': { type: 'string' },
        log: { type: 'string' },
        redis: { type: 'string' },
        ...IDENTITY_OPTIONS,
        ...ICE_OPTIONS,
        ...RELAY_OPTIONS,
        ...RING_OPTIONS,
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

function tls(values: Values, environment: Readonly<Record<string, string | undefined>>): TlsChoice | undefined {
  const cert = values['tls-cert'] ?? (environment.TLS_CERT || undefined);
  const key = values['tls-key'] ?? (environment.TLS_KEY || undefined);
  if (cert !== undefined && key !== undefined) return { type: 'files', cert, key };
  if (cert !== undefined) throw new OptionError('--tls-cert wants --tls-key too, the file of its key');
  if (key !== undefined) throw new OptionError('--tls-key wants --tls-cert too, the file of its certificate');
  const isSelfSigned = values.https === true || isSwitchedOn('HTTPS', environment.HTTPS);
  return isSelfSigned ? { type: 'self-signed' } : undefined;
}

/** Fewer characters could be guessed by who may ask a thousand times a second. */
const MIN_TOKEN_CHARACTERS = 16;

function metricsToken(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (text.length < MIN_TOKEN_CHARACTERS || /\s/.test(text))
    throw new OptionError(`--metrics-token must have ${MIN_TOKEN_CHARACTERS} characters or more, and no spaces`);
  return text;
}

function redisUrl(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const isUrl = URL.canParse(text) && ['redis:', 'rediss:'].includes(new URL(text).protocol);
  // It may hold a password, which is not repeated.
  if (!isUrl) throw new OptionError('--redis must be a URL such as redis://localhost:6379, or rediss:// over TLS');
  return text;
}

function logFormat(text = 'lines'): LogFormat {
  const format = LOG_FORMATS.find((name) => name === text);
  if (format === undefined) throw new OptionError(`--log must be ${LOG_FORMATS.join(' or ')}, not "${text}"`);
  return format;
}
