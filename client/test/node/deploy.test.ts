// What is handed to operators: the compose file's commands run as they stand there, the image has what they need, and the
// dashboard asks for metrics that there are.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Command } from './command.ts';

const TOP = fileURLToPath(new URL('../../..', import.meta.url));
const TOKEN = 'shown-by-Prometheus';

interface Service {
  readonly command: string | readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}

let directory: string;
let services: Readonly<Record<'secret' | 'discovery' | 'turn' | 'peer', Service>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tabring-deploy-'));
  const compose = parse(await readFile(join(TOP, 'signaling/deploy/compose.yaml'), 'utf8'), { merge: true });
  services = compose.services;
  // Each volume that is used is declared.
  const used = Object.values(services).flatMap(({ volumes }) => volumes?.map((volume) => volume.split(':')[0]) ?? []);
  expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
});
afterAll(() => rm(directory, { recursive: true }));

/** As Compose fills it in, with the places of the image moved into this checkout and a directory of the test's. */
function here(text: string): string {
  return (
    text
      .replace(/\$\{HOST_NAME(?::\?[^}]*)?\}/g, 'ring.example.org')
      .replace(/\$\{METRICS_TOKEN:-\}/g, TOKEN)
      .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
      .replaceAll('$$', '$')
      // In one go: this checkout may lie below one of these itself.
      .replace(/(?<![\w/])\/(?:tabring\/(?=client)|(secret|data|tmp)\b)/g, (_, place: string | undefined) =>
        place === undefined ? TOP : `${directory}/${place}`,
      )
  );
}

function shell({ command }: Service): string {
  const words = typeof command === 'string' ? [command] : command;
  return here(words.at(-1) ?? '');
}

test('the services of the compose file start, find each other and are well', async () => {
  for (const name of ['secret', 'data', 'tmp']) execFileSync('mkdir', [join(directory, name)]);
  for (let start = 0; start < 2; start += 1) execFileSync('sh', ['-c', shell(services.secret)]);
  const secret = await readFile(join(directory, 'secret', 'turn'), 'utf8');
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);

  const environment = Object.entries(services.discovery.environment ?? {}).map(
    ([name, value]) => `${name}=${here(value)}`,
  );
  // The dashboard draws what --relay counts too.
  const within = ['env', 'PORT=0', 'HOST=127.0.0.1', 'RELAY=1', ...environment, 'sh', '-c', shell(services.discovery)];
  const discovery = new Command('', [], { within });
  const url: string = JSON.parse(`{"event":"ready",${await discovery.matched('"event":"ready",', 0)}`).url;
  const metrics = await (await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } })).text();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  // By the name that visitors type, through a web server, and by that of the file.
  for (const host of ['ring.example.org', 'discovery:8080', 'stranger.example']) {
    const { port } = new URL(url);
    const status = execFileSync('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      `Host: ${host}`,
      `http://127.0.0.1:${port}/`,
    ]);
    expect([host, String(status)]).toEqual([host, host.startsWith('stranger') ? '421' : '200']);
  }

  const [, ...peerArgs] = services.peer.command;
  const peer = new Command(url, ['peer', ...peerArgs.map((word) => here(word).replace('http://discovery:8080', url))]);
  await peer.printed('active');
  expect(await readdir(join(directory, 'data', 'peer'))).toContain('blocks');
  for (const program of [peer, discovery]) {
    program.signal('SIGTERM');
    expect((await program.ended).code).toBe(0);
  }

  // The TURN server's settings, without starting one.
  execFileSync('sh', ['-c', shell(services.turn).replace(/ && exec.*/, '')]);
  expect(await readFile(join(directory, 'tmp', 'turn.conf'), 'utf8')).toContain(
    `use-auth-secret\nstatic-auth-secret=${secret}\nrealm=ring.example.org\n`,
  );

  const dashboard = await readFile(join(TOP, 'signaling/deploy/grafana-dashboard.json'), 'utf8');
  const asked = new Set(dashboard.match(/\b(?:tabring|nodejs|process)_\w+/g));
  expect(asked.size).toBeGreaterThan(10);
  for (const name of asked) expect(metrics).toContain(`# TYPE ${name.replace(/_bucket$/, '')} `);
});

test('the image takes over all that the package has, and what it runs', async () => {
  const dockerfile = await readFile(join(TOP, 'signaling/deploy/Dockerfile'), 'utf8');
  const { files } = JSON.parse(await readFile(join(TOP, 'package.json'), 'utf8'));
  for (const path of files)
    expect(dockerfile).toMatch(new RegExp(`COPY --from=build .*/tabring/${path.replace(/\/$/, '')}\\b`));
  for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--)(.+) \.\/?$/gm)) {
    for (const source of sources.split(' ')) expect([source, existsSync(join(TOP, source))]).toEqual([source, true]);
  }
  // It runs as nobody in particular, and is told nothing secret when it is built.
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).not.toMatch(/^(ARG|ENV) .*(SECRET|TOKEN)/m);
});
