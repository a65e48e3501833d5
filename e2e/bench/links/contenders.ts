// Whom our links are measured against: installs the packages that are no dependencies of this project, in build/, and
// runs the servers that they need.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../build/bench-contenders', import.meta.url));
/** Pinned, so that figures of different days mean the same. webtorrent wants Node 22, but only its build for tabs is used. */
const PACKAGES = { peerjs: '1.5.5', peer: '1.0.2', webtorrent: '3.0.21', 'bittorrent-tracker': '11.2.3' };
/** Their scripts would fetch and build native code, which nothing here uses. */
const INSTALL = ['install', '--ignore-scripts', '--omit=optional', '--no-package-lock', '--loglevel=error'];

/** Where Vite finds what the pages import. */
export const CONTENDER_ALIASES = {
  peerjs: join(FOLDER, 'node_modules/peerjs'),
  webtorrent: join(FOLDER, 'node_modules/webtorrent/dist/webtorrent.min.js'),
};

/** Ports of servers on the loopback address. */
export interface ContenderServers {
  readonly peerServer: number;
  readonly tracker: number;
  stop(): Promise<void>;
}

interface Listening {
  address(): { readonly port: number };
  close(done: () => void): void;
}

interface PeerModule {
  PeerServer(options: { port: number; host: string; path: string }, started: (server: Listening) => void): unknown;
}

interface TrackerModule {
  readonly default: new (options: {
    http: boolean;
    udp: boolean;
    ws: boolean;
  }) => {
    readonly http: Listening;
    listen(port: number, host: string, started: () => void): void;
    close(done: () => void): void;
  };
}

/** Does nothing if they are there. Rejects if the registry cannot be reached. */
export async function installContenders(): Promise<void> {
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES });
  const stamp = join(FOLDER, 'installed.json');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === manifest) return;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'package.json'), manifest);
  console.log('Installing PeerJS and WebTorrent into build/ …');
  const npm = spawn('npm', INSTALL, { cwd: FOLDER, stdio: 'inherit', shell: process.platform === 'win32' });
  const [code] = await once(npm, 'exit');
  if (code !== 0)
    throw new Error(
      `npm install ended with ${code}: the benchmark needs a package registry once, for PeerJS and WebTorrent, which nothing else here uses`,
    );
  await writeFile(stamp, manifest);
}

export async function startContenderServers(): Promise<ContenderServers> {
  const load = (path: string) => import(pathToFileURL(join(FOLDER, 'node_modules', path)).href);
  const { PeerServer }: PeerModule = await load('peer/dist/module.mjs');
  const { default: Tracker }: TrackerModule = await load('bittorrent-tracker/server.js');
  const peerServer = await new Promise<Listening>((resolve) => {
    PeerServer({ port: 0, host: '127.0.0.1', path: '/' }, resolve);
  });
  const tracker = new Tracker({ http: true, udp: false, ws: true });
  await new Promise<void>((resolve) => tracker.listen(0, '127.0.0.1', resolve));
  return {
    peerServer: peerServer.address().port,
    tracker: tracker.http.address().port,
    stop: async () => {
      await new Promise<void>((resolve) => tracker.close(resolve));
      await new Promise<void>((resolve) => peerServer.close(resolve));
    },
  };
}
