// The options of the Discovery node that name STUN and TURN servers.

import * as v from 'valibot';
import type { IceConfig } from './ice-servers.ts';
import { OptionError } from './option-values.ts';
import { Registration } from './protocol.ts';

export const ICE_USAGE = `Helpers for tabs behind routers, none by default:
  --stun <url>             a STUN server, such as stun:stun.example.org (STUN); may be given several times
  --turn <url>             a TURN server, such as turn:turn.example.org?transport=udp (TURN); may be given several times
  --turn-secret <secret>   what it shares with this Discovery node: coturn's use-auth-secret (TURN_SECRET, which ps does not show)
  --ice-servers <json>     others, as a JSON array of {urls, username, credential} (ICE_SERVERS)`;

/** For node:util's parseArgs. */
export const ICE_OPTIONS = {
  stun: { type: 'string', multiple: true },
  turn: { type: 'string', multiple: true },
  'turn-secret': { type: 'string' },
  'ice-servers': { type: 'string' },
} as const;

interface Values {
  readonly stun?: readonly string[] | undefined;
  readonly turn?: readonly string[] | undefined;
  readonly 'turn-secret'?: string | undefined;
  readonly 'ice-servers'?: string | undefined;
}

/** As RTCIceServer has it: `urls` may be one string. Tabs are told lists. */
const GivenServers = v.pipe(
  v.array(v.looseObject({ urls: v.union([v.string(), v.array(v.string())]) })),
  v.transform((servers): unknown => servers.map((server) => ({ ...server, urls: [server.urls].flat() }))),
  Registration.entries.iceServers,
);

const STUN_URL = /^stuns?:[^\s/?#]+$/;
const TURN_URL = /^turns?:[^\s/?#]+(\?transport=(udp|tcp))?$/;

/** Throws an OptionError. */
export function iceConfig(values: Values, environment: Readonly<Record<string, string | undefined>>): IceConfig {
  const stun = urls('--stun', values.stun, environment.STUN, STUN_URL, 'stun:stun.example.org');
  const turn = urls('--turn', values.turn, environment.TURN, TURN_URL, 'turn:turn.example.org?transport=udp');
  const secret = values['turn-secret'] ?? (environment.TURN_SECRET || undefined);
  if (turn.length > 0 && secret === undefined) {
    throw new OptionError('--turn wants --turn-secret too, the static-auth-secret of the TURN server');
  }
  if (turn.length === 0 && secret !== undefined)
    throw new OptionError('--turn-secret wants --turn too, the server’s URL');
  return {
    iceServers: [
      ...(stun.length === 0 ? [] : [{ urls: [...stun] }]),
      ...others(values['ice-servers'] ?? environment.ICE_SERVERS),
    ],
    turn: secret === undefined ? undefined : { urls: turn, secret },
  };
}

function urls(
  name: string,
  given: readonly string[] | undefined,
  variable: string | undefined,
  pattern: RegExp,
  example: string,
): readonly string[] {
  const all = given ?? (variable ?? '').split(',').map((url) => url.trim());
  const named = all.filter((url) => url !== '');
  const wrong = named.find((url) => !pattern.test(url));
  if (wrong !== undefined) throw new OptionError(`${name} takes a URL such as ${example}, not "${wrong}"`);
  return named;
}

function others(text: string | undefined): IceConfig['iceServers'] {
  if (!text) return [];
  const example = `'[{"urls":["stun:stun.example.org"]}]'`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new OptionError(`--ice-servers is no JSON; write for example ${example}`, { cause: error });
  }
  const checked = v.safeParse(GivenServers, json);
  if (!checked.success) throw new OptionError(`--ice-servers is malformed; write for example ${example}`);
  return checked.output;
}
