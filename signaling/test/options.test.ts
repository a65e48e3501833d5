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
    ringKeyPath: '.tabring/ring-key.json',
    certificateSeconds: 7 * 24 * 60 * 60,
    chosenIds: 'local',
    admissionsPerAddress: undefined,
    iceServers: [],
    params: DEFAULT_RING_PARAMS,
    visitors: { allowedOrigins: [], hostNames: [], trustProxy: false },
    basePath: '',
    tls: undefined,
    metricsToken: undefined,
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

test('the ring’s key, certificates, chosen ids and admissions are set by arguments or the environment', () => {
  const args = '--ring-key k.json --certificate-days 0.5 --chosen-ids none --admissions 7'.split(' ');
  const set = { ringKeyPath: 'k.json', certificateSeconds: 43_200, chosenIds: 'none', admissionsPerAddress: 7 };
  expect(options(args)).toMatchObject(set);
  const environment = { RING_KEY: 'e.json', CERTIFICATE_DAYS: '2', CHOSEN_IDS: 'all' };
  expect(options([], environment)).toMatchObject({
    ...{ ringKeyPath: 'e.json', certificateSeconds: 172_800, chosenIds: 'all', admissionsPerAddress: undefined },
  });
  expect(options(args, environment)).toMatchObject(set);
  const empty = { RING_KEY: '', CERTIFICATE_DAYS: '', CHOSEN_IDS: '' };
  expect(options([], empty)).toMatchObject({ ringKeyPath: '.tabring/ring-key.json', chosenIds: 'local' });
});

test('the ring’s parameters can be set', () => {
  const args =
    '--digits 4 --leaf-set 2 --neighborhood-set 0 --replicas 2 --segment-bytes 65536 --lease-days 3 --link-budget 8 --check-roots'.split(
      ' ',
    );
  expect(options(args).params).toEqual({
    digits: 4,
    leafSetSize: 2,
    neighborhoodSize: 0,
    replicas: 2,
    segmentBytes: 65_536,
    leaseDays: 3,
    linkBudget: 8,
    checksRoots: true,
  });
});

test('a token for the metrics is set by an argument or the environment', () => {
  const metricsToken = 'sixteen-characters';
  expect(options(['--metrics-token', metricsToken])).toMatchObject({ metricsToken });
  expect(options([], { METRICS_TOKEN: metricsToken })).toMatchObject({ metricsToken });
});

test('its own names, and the path below which it is, are set by arguments or the environment', () => {
  const hostNames = ['ring.example.org', 'ring2.example.org'];
  const expected = { visitors: { hostNames }, basePath: '/class/tabring' };
  const args = ['--host-name', 'Ring.example.org', '--host-name', 'ring2.example.org.', '--base-path=/class/tabring/'];
  expect(options(args)).toMatchObject(expected);
  const environment = { HOST_NAMES: 'ring.example.org, ring2.example.org', BASE_PATH: '/class/tabring' };
  expect(options([], environment)).toMatchObject(expected);
  expect(options(['--base-path', '/'])).toMatchObject({ basePath: '' });
});

test('ICE servers may have one URL as a string, as browsers take them', () => {
  const given = [{ urls: 'stun:stun.example' }, { urls: 'turn:turn.example', username: 'u', credential: 'c', x: 1 }];
  expect(options(['--ice-servers', JSON.stringify(given)]).iceServers).toEqual([
    { urls: ['stun:stun.example'] },
    { urls: ['turn:turn.example'], username: 'u', credential: 'c' },
  ]);
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
  [['--host-name', 'https://a.example'], /^--host-name takes names such as/],
  [['--host-name', 'a.example:80'], /^--host-name takes names such as/],
  [['--base-path', 'tabring'], /^--base-path takes a path such as/],
  [['--base-path', '/a/../b'], /^--base-path takes a path such as/],
  [['--ice-servers', '[{"urls":7}]'], /^--ice-servers is malformed/],
  [['--redis', 'localhost:6379'], /^--redis must be a URL such as redis:/],
  [['--metrics-token', 'short'], /^--metrics-token must have 16 characters or more/],
  [['--log', 'xml'], /^--log must be lines or json, not "xml"$/],
  [['--chosen-ids', 'some'], /^--chosen-ids must be all, local, none, not "some"$/],
  [['--certificate-days', '0'], /^--certificate-days must be a number above 0, not "0"$/],
  [['--certificate-days', '1e9'], /^--certificate-days must be a number above 0/],
  [['--certificate-days', '367'], /^--certificate-days must be at most 366, not 367$/],
  [['--admissions', '-1'], /--admissions/],
  [['--admissions', '0'], /^--admissions must be at least 1/],
  [['--ring-key'], /--ring-key/],
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

test('Redis is named by its URL, on the command line or, with a password, in the environment', () => {
  expect(options([])).toMatchObject({ redis: undefined });
  expect(options(['--redis', 'redis://localhost:6379/2'])).toMatchObject({ redis: 'redis://localhost:6379/2' });
  const redis = 'rediss://user:secret@redis.example.org:6380';
  expect(options([], { REDIS_URL: redis })).toMatchObject({ redis });
  expect(errorMessage([], { REDIS_URL: 'http://user:secret@x' })).not.toContain('secret');
});

test('help is help', () => {
  expect(parseCommandLine(['--help'], {})).toEqual({ type: 'help' });
});
