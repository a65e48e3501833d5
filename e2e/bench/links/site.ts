// Builds the benchmark's page and serves it from a Discovery node, beside the servers that other contenders need.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { build } from 'vite';
import { leanSimplePeer } from '../../../client/bundle/lean-simple-peer.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { CONTENDER_ALIASES, type ContenderServers, installContenders, startContenderServers } from './contenders.ts';
import type {} from './page/main.ts';

const PAGE_FOLDER = fileURLToPath(new URL('page', import.meta.url));

export class Site {
  readonly #folder: string;
  readonly #discovery: DiscoveryNode;
  readonly #others: ContenderServers;

  private constructor(folder: string, discovery: DiscoveryNode, others: ContenderServers) {
    this.#folder = folder;
    this.#discovery = discovery;
    this.#others = others;
  }

  static async start(): Promise<Site> {
    await installContenders();
    const folder = await mkdtemp(join(tmpdir(), 'tabring-bench-'));
    await build({
      root: PAGE_FOLDER,
      configFile: false,
      plugins: [leanSimplePeer()],
      logLevel: 'warn',
      resolve: { alias: CONTENDER_ALIASES },
      build: { outDir: folder, emptyOutDir: true, target: 'esnext' },
    });
    const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: folder, maxPeersPerAddress: 1_000 });
    return new Site(folder, discovery, await startContenderServers());
  }

  /** A tab in a context of its own, ready to be connected to. */
  async open(browser: Browser, contender: string): Promise<Page> {
    // The Discovery node's policy forbids other servers, which PeerJS and WebTorrent need.
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${contender}: ${message.text()}`);
    });
    page.on('pageerror', (error) => console.error(`${contender}: ${error}`));
    const { peerServer, tracker } = this.#others;
    const query = new URLSearchParams({ contender, peerServer: String(peerServer), tracker: String(tracker) });
    await page.goto(`${this.#discovery.url}/?${query}`);
    await page.waitForFunction(() => window.bench !== undefined);
    return page;
  }

  async stop(): Promise<void> {
    await this.#discovery.close();
    await this.#others.stop();
    await rm(this.#folder, { recursive: true });
  }
}
