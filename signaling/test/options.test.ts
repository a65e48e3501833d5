// The command line: what wins over what, and that a wrong option is named.

import { expect, test } from 'vitest';
import { DEFAULT_RING_PARAMS } from '../../client/src/core/pastry/params.ts';
import { type CommandLine, parseCommandLine } from '../options.ts';

function options(args: readonly string[], environment: Record<string, string> = {}): CommandLine {
  const parsed = parseCommandLine(args, environment);
  if (parsed.type !== 'run') throw new Error(JSON.stringify(parsed));
  return parsed.options;
}

function errorMessage(args: readonly string[], environment: Record<string, string> = {}): string {
  const parsed = parseCommandLine(args, environment);
  if (parsed.type !== 'error') throw new Error(JSON.stringify(parsed));
  return parsed.message;
}

test('without options it listens on port 8080 of all addresses, with the default ring', () => {
  expect(options([])).toEqual({
    port: 8080,
    host: undefined,
    maxPeersPerAddress: 1_024,
    iceServers: [],
    params: DEFAULT_RING_PARAMS,
    visitors: { allowedOrigins: [], trustProxy: false },
    tls: undefined,
    log: 'lines',
  });
});

test('a classroom ring is the course’s, but for what is asked for', () => {
  expect(options(['--classroom']).params).toEqual({ ...DEFAULT_RING_PARAMS, digits: 4, leafSetSize: 2 });
  expect(options(['--classroom', '--leaf-set', '4']).params).toMatchObject({ digits: 4, leafSetSize: 4 });
});

test('https, origins, a proxy and logs are set by arguments or the environment', () => {
  const files = { type: 'files', cert: 'c.pem', key: 'k.pem' };
  expect(options(['--tls-cert', 'c.pem', '--tls-key', 'k.pem']).tls).toEqual(files);
  expect(options(['--https'], { TLS_CERT: 'c.pem', TLS_KEY: 'k.pem' }).tls).toEqual(files);
  expect(options(['--https']).tls).toEqual({ type: 'self-signed' });
  expect(options([], { HTTPS: '1', TRUST_PROXY: 'true', LOG: 'json' })).toMatchObject({
    tls: { type: 'self-signed' },
    visitors: { trustProxy: true },
    log: 'json',
  });
  expect(options([], { HTTPS: '0', TRUST_PROXY: '', LOG: '' })).toMatchObject({ tls: undefined, log: 'lines' });
  const list = 'https://a.example, http://localhost:5173/,*';
  const origins = ['https://a.example', 'http://localhost:5173', '*'];
  expect(options(['--allowed-origins', list, '--trust-proxy', '--log=json'])).toMatchObject({
    visitors: { allowedOrigins: origins, trustProxy: true },
    log: 'json',
  });
  expect(options([], { ALLOWED_ORIGINS: list }).visitors.allowedOrigins).toEqual(origins);
});

test('an argument wins over npm’s option, and that over PORT and HOST', () => {
  const environment = { PORT: '1', HOST: 'a.example' };
  expect(options([], environment)).toMatchObject({ port: 1, host: 'a.example' });
  const npm = { ...environment, npm_config_port: '2', npm_config_host: 'b.example' };
  expect(options([], npm)).toMatchObject({ port: 2, host: 'b.example' });
  expect(options(['--port', '3', '--host=c.example'], npm)).toMatchObject({ port: 3, host: 'c.example' });
  expect(options([], { PORT: '', HOST: '' })).toMatchObject({ port: 8080, host: undefined });
});

test('options that npm kept for itself are found again', () => {
  const kept = { npm_config_port: 'true', npm_config_host: 'true' };
  expect(options(['9000', 'a.example'], kept)).toMatchObject({ port: 9000, host: 'a.example' });
  expect(options(['a.example', '9000'], kept)).toMatchObject({ port: 9000, host: 'a.example' });
  expect(errorMessage(['x'], { npm_config_port: 'true' })).toBe('Unexpected argument "x"');
  expect(errorMessage([], { npm_config_port: 'true' })).toBe('--port must be a whole number, not "true"');
});

test('the ring’s parameters can be set', () => {
  const args = '--digits 4 --leaf-set 2 --neighborhood-set 0 --replicas 2 --segment-bytes 65536 --link-budget 8'.split(
    ' ',
  );
  expect(options(args).params).toEqual({
    digits: 4,
    leafSetSize: 2,
    neighborhoodSize: 0,
    replicas: 2,
    segmentBytes: 65_536,
    linkBudget: 8,
  });
});

test('ICE servers are read as JSON', () => {
  const servers = [{ urls: ['turn:turn.example'], username: 'u', credential: 'c' }];
  expect(options(['--ice-servers', JSON.stringify(servers)]).iceServers).toEqual(servers);
});

test.each([
  [['--port', 'http'], /^--port must be a whole number, not "http"$/],
  [['--port', '65536'], /^--port must be at most 65535/],
  [['--port', '-1'], /--port/],
  [['--port'], /--port/],
  [['--prot', '1'], /--prot/],
  [['8080'], /8080/],
  [['--digits', '0'], /^--digits is out of range/],
  [['--digits', '65'], /^--digits is out of range/],
  [['--leaf-set', '3'], /^--leaf-set must be even/],
  [['--replicas', '17'], /^--replicas is out of range/],
  [['--classroom', '--digits', '8'], /^--classroom means ids of 4 digits/],
  [['--tls-cert', 'c.pem'], /^--tls-cert wants --tls-key/],
  [['--tls-key', 'k.pem'], /^--tls-key wants --tls-cert/],
  [['--allowed-origins', 'a.example'], /^--allowed-origins takes origins such as/],
  [['--allowed-origins', 'https://a.example/path'], /^--allowed-origins takes origins such as/],
  [['--log', 'xml'], /^--log must be lines or json, not "xml"$/],
  [['--ice-servers', '{'], /^--ice-servers is no JSON/],
  [['--ice-servers', '[1]'], /^--ice-servers is malformed/],
])('%j is refused in one line', (args, message) => {
  expect(errorMessage(args)).toMatch(message);
  expect(errorMessage(args)).not.toContain('\n');
});

test('a wrong PORT is named as such', () => {
  expect(errorMessage([], { PORT: 'x' })).toMatch(/^PORT must be/);
  expect(errorMessage([], { HTTPS: 'yes' })).toBe('HTTPS must be 1 or 0, not "yes"');
});

test('help is help', () => {
  expect(parseCommandLine(['--help'], {})).toEqual({ type: 'help' });
});
