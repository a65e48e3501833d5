// A ring of tabs in two homes: one browser on each computer with one tab in it, opened all at once.

import { type Browser, expect } from 'playwright/test';
import { wrongLeafSets } from '../../client/src/node/leaf-sets.ts';
import type { PeerInspection } from '../../client/src/peer/api.ts';
import { PeerProcess } from '../support/peer-process.ts';
import { explainedBy, inspect, newTab, register, type Tab } from '../support/ring.ts';
import { type BrowserKind, startBrowserIn } from './browser-in.ts';
import { within } from './namespaces.ts';
import { DISCOVERY_URL, type Ice, type RelayCounts, relayCounts, SECOND_URL, startServers } from './public-servers.ts';
import { buildNetwork, COMPUTERS, type Computer, type Homes, type Network } from './two-homes.ts';

/** A link that does not open takes 15 seconds to fail, and a newcomer may be sent to some of those one after the other. */
const SETTLE_MS = 150_000;

export interface HomesOptions extends Homes {
  readonly ice: Ice;
  /** What runs on a computer other than a tab in Chromium. */
  readonly programs?: Readonly<Partial<Record<Computer, BrowserKind | 'node'>>>;
  /** Megabytes a second that each Discovery node carries as a last resort; undefined: it carries nothing. */
  readonly relayRate?: number;
  /** Each home has a Discovery node of its own, both on one Redis. */
  readonly hasTwoServers?: boolean;
  /** A Node peer on the public machine. */
  readonly hasPublicPeer?: boolean;
}

export class HomesRing {
  readonly #network: Network;
  readonly #hasTwoServers: boolean;
  readonly #browsers: Browser[] = [];
  readonly #tabs = new Map<Computer, Tab>();
  readonly #peers = new Map<Computer | 'public', PeerProcess>();

  private constructor(network: Network, hasTwoServers: boolean) {
    this.#network = network;
    this.#hasTwoServers = hasTwoServers;
  }

  static async start(options: HomesOptions): Promise<HomesRing> {
    const ring = new HomesRing(await buildNetwork(options), options.hasTwoServers === true);
    try {
      await ring.#open(options);
      await ring.#settled();
      return ring;
    } catch (error) {
      const explained = await explainedBy(ring.tabs, error);
      await ring.stop();
      throw explained;
    }
  }

  get tabs(): readonly Tab[] {
    return [...this.#tabs.values()];
  }

  tab(computer: Computer): Tab {
    const tab = this.#tabs.get(computer);
    if (tab === undefined) throw new Error(`no tab on ${computer}`);
    return tab;
  }

  /** Of the node on a computer, whatever it is. */
  async inspect(computer: Computer): Promise<PeerInspection> {
    const [peer] = (await this.#peers.get(computer)?.inspections()) ?? [await inspect(this.tab(computer))];
    if (peer === undefined) throw new Error(`no peer on ${computer}`);
    return peer;
  }

  /** What the Discovery nodes have carried between tabs so far. */
  relayed(): RelayCounts {
    return relayCounts(this.#network.public, this.#hasTwoServers);
  }

  async #inspections(): Promise<readonly PeerInspection[]> {
    const ofPeers = await Promise.all(Array.from(this.#peers.values(), (peer) => peer.inspections()));
    return [...(await Promise.all(this.tabs.map(inspect))), ...ofPeers.flat()];
  }

  async explained(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw await explainedBy(this.tabs, error);
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#browsers.map((browser) => browser.close()));
    await this.#network.remove();
  }

  async #open({
    ice,
    relayRate,
    hasTwoServers: areTwo = false,
    hasPublicPeer = false,
    programs = {},
  }: HomesOptions): Promise<void> {
    const { computers } = this.#network;
    await startServers(this.#network.public, { ice, relayRate, areTwo });
    const urlFor = (name: Computer | 'public'): string => (areTwo && name[0] === 'b' ? SECOND_URL : DISCOVERY_URL);
    const startPeer = (name: Computer | 'public', namespace: string): Promise<void> => {
      const peer = new PeerProcess(urlFor(name), { peers: 1, within: within(namespace) });
      this.#peers.set(name, peer);
      return peer.started();
    };
    if (hasPublicPeer) await startPeer('public', this.#network.public);
    const started = COMPUTERS.map(async (computer) => {
      const program = programs[computer] ?? 'chromium';
      if (program === 'node') return startPeer(computer, computers[computer]);
      const browser = await startBrowserIn(computers[computer], program, urlFor(computer));
      this.#browsers.push(browser);
      const tab = await newTab(browser, this);
      this.#tabs.set(computer, tab);
      await register(tab, urlFor(computer));
    });
    await Promise.all(started);
  }

  #settled(): Promise<void> {
    return expect.poll(async () => wrongLeafSets(await this.#inspections()), { timeout: SETTLE_MS }).toEqual([]);
  }
}
