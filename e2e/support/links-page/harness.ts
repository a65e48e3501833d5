// Builds the links page, serves it from a Discovery node, and opens pages that are the ends of links.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright/test';
import { build } from 'vite';
import { leanSimplePeer } from '../../../client/bundle/lean-simple-peer.ts';
import { isId, type NodeId } from '../../../client/src/core/pastry/id.ts';
import { keySuite, type StoredKeys } from '../../../client/src/trust/key-suite.ts';
import type { LinkEnd } from '../../../client/test/contracts/link-layer.ts';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { PLAIN_CONTEXT } from '../firefox.ts';
import type {} from './main.ts';

const PAGE_FOLDER = fileURLToPath(new URL('.', import.meta.url));
const DIGITS = 32;

export class LinksHarness {
  readonly #folder: string;
  readonly #discovery: DiscoveryNode;
  /** By prefix: an id is its keys', and so each page that is to have it brings the same ones, as a profile would. */
  readonly #keys = new Map<string, Promise<StoredKeys>>();

  private constructor(folder: string, discovery: DiscoveryNode) {
    this.#folder = folder;
    this.#discovery = discovery;
  }

  static async start(): Promise<LinksHarness> {
    const folder = await mkdtemp(join(tmpdir(), 'tabring-links-'));
    await build({
      root: PAGE_FOLDER,
      configFile: false,
      plugins: [leanSimplePeer()],
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true, target: 'esnext' },
    });
    return new LinksHarness(folder, await startDiscoveryNode({ host: '127.0.0.1', staticDir: folder }));
  }

  get url(): string {
    return this.#discovery.url;
  }

  /** A page in a context of its own, registered under the id with this prefix. `host`: another name of this machine. */
  async open(browser: Browser, prefix: string, host?: string): Promise<Page> {
    const context = await browser.newContext(browser.browserType().name() === 'firefox' ? PLAIN_CONTEXT : {});
    const page = await context.newPage();
    await page.addInitScript(
      (keys) => sessionStorage.setItem('keys', keys),
      JSON.stringify(await this.#keysOf(prefix)),
    );
    const url = new URL(`/?id=${prefix}`, this.url);
    if (host !== undefined) url.hostname = host;
    await page.goto(url.href);
    await registered(page);
    const nodeId = await page.evaluate(() => window.linksPage?.nodeId);
    if (nodeId !== idOf(prefix)) throw new Error(`asked for the id ${idOf(prefix)}, and got ${nodeId}`);
    return page;
  }

  #keysOf(prefix: string): Promise<StoredKeys> {
    const known = this.#keys.get(prefix) ?? keySuite().then(async (suite) => (await suite.create('raw')).stored);
    this.#keys.set(prefix, known);
    return known;
  }

  async stop(): Promise<void> {
    await this.#discovery.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** Waits until the page has registered, as after a reload. */
export async function registered(page: Page): Promise<void> {
  await page.waitForFunction(() => window.linksPage !== undefined);
}

export function idOf(prefix: string): NodeId {
  const id = prefix.padEnd(DIGITS, '0');
  if (!isId(id, DIGITS)) throw new Error(`${prefix} is no id`);
  return id;
}

/** The page's LinkProbe, commanded from here. */
export function endOf(page: Page): LinkEnd {
  const there = () =>
    page.evaluateHandle(() => {
      if (window.linksPage === undefined) throw new Error('not registered');
      return window.linksPage.probe;
    });
  return {
    connect: async (peer) => (await there()).evaluate((probe, p) => probe.connect(p), peer),
    send: async (...all) => (await there()).evaluate((probe, a) => probe.send(...a), all),
    sendPaced: async (...all) => (await there()).evaluate((probe, a) => probe.sendPaced(...a), all),
    swapFingerprints: async () => (await there()).evaluate((probe) => probe.swapFingerprints()),
    holdSignals: async () => (await there()).evaluate((probe) => probe.holdSignals()),
    takeHeld: async () => (await there()).evaluate((probe) => probe.takeHeld()),
    signalled: async (...all) => (await there()).evaluate((probe, a) => probe.signalled(...a), all),
    introduce: async (certificate) => (await there()).evaluate((probe, c) => probe.introduce(c), certificate),
    counter: async (name) => (await there()).evaluate((probe, n) => probe.counter(n), name),
    counted: async (...all) => (await there()).evaluate((probe, a) => probe.counted(...a), all),
    answerFailure: async () => (await there()).evaluate((probe) => probe.answerFailure()),
    close: async (...all) => (await there()).evaluate((probe, a) => probe.close(...a), all),
    connectAndClose: async (...all) => (await there()).evaluate((probe, a) => probe.connectAndClose(...a), all),
    closeAll: async () => (await there()).evaluate((probe) => probe.closeAll()),
    links: async () => (await there()).evaluate((probe) => probe.links()),
    log: async () => (await there()).evaluate((probe) => probe.log()),
    failures: async () => (await there()).evaluate((probe) => probe.failures()),
    logged: async (...all) => (await there()).evaluate((probe, a) => probe.logged(...a), all),
    received: async (...all) => (await there()).evaluate((probe, a) => probe.received(...a), all),
  };
}
