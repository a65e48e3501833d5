// Real web servers in front of a Discovery node: nginx and Caddy, where they are installed, each in a folder of its own with the
// settings that docs/deploy.md gives, on a free port of the loopback.

import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type WebServerName = 'nginx' | 'caddy';

export interface WebServer {
  readonly port: number;
  /** Ends it, in good order: nginx's workers outlive a master that is killed. */
  stop(): Promise<void>;
}

/** Files of a certificate and its key, both PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const DEPLOY = fileURLToPath(new URL('../../../docs/deploy.md', import.meta.url));
/** A web server listens in a moment, on a crowded machine later, milliseconds. */
const START_MS = 120_000;
const START_STEP_MS = 20;

/** Where a program is; undefined: it is not installed. `TABRING_NGINX` and `TABRING_CADDY` name others. */
export function findWebServer(name: WebServerName): string | undefined {
  const given = process.env[`TABRING_${name.toUpperCase()}`];
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
  return [...(given === undefined ? [] : [given]), ...folders.map((each) => join(each, name))].find(isProgram);
}

/** Whether there is a program that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** The first example in this language of docs/deploy.md, with what it names replaced. */
export async function deployExample(language: string, replaced: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(DEPLOY, 'utf8');
  const block = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(text)?.[1];
  if (block === undefined) throw new Error(`docs/deploy.md has no example in ${language}`);
  return Object.entries(replaced).reduce((sum, [from, to]) => {
    if (!sum.includes(from)) throw new Error(`the example in ${language} does not name ${from}`);
    return sum.replaceAll(from, to);
  }, block);
}

/** nginx with these locations in one `server` block; it is listening when this resolves. */
export async function startNginx(
  program: string,
  folder: string,
  locations: string,
  tls?: CertificateFiles,
): Promise<WebServer> {
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((each) => `${each}_temp_path ${each};`);
  const files = tls === undefined ? '' : `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`;
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; pid nginx.pid; error_log error.log; events {}
     http {
       access_log off; ${temporary.join(' ')}
       server { listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl http2'}; ${files} ${locations} }
     }`,
  );
  return start(program, ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], folder, port);
}

/** Caddy with what `sites` gives for its port; it is listening when this resolves. */
export async function startCaddy(
  program: string,
  folder: string,
  sites: (port: number) => string | Promise<string>,
): Promise<WebServer> {
  const port = await freePort();
  await writeFile(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${await sites(port)}`);
  return start(program, ['run', '--config', 'Caddyfile'], folder, port);
}

async function start(program: string, args: readonly string[], folder: string, port: number): Promise<WebServer> {
  // Caddy wants a home to keep things in.
  const environment = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], env: environment });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000);
  });
  for (let waited = 0; !(await isListening(port)); waited += START_STEP_MS) {
    if (child.exitCode !== null || waited > START_MS) throw new Error(`${program} does not listen: ${said}`);
    await delay(START_STEP_MS);
  }
  return { port, stop: () => stopped(child) };
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.end();
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
