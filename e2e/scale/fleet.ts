// A ring at scale: tabs of one browser and Node peers in several processes, over a Discovery node in this process.

import { type Browser, chromium } from 'playwright';
import type { NodeId } from '../../client/src/core/pastry/id.ts';
import type { Parting } from '../../client/src/node/peer-crowd.ts';
import type { LookupResult, PeerInspection } from '../../client/src/peer/api.ts';
import { forEachParallel } from '../../client/src/peer/parallel.ts';
import { chromiumLaunch } from '../support/chromium.ts';
import { PeerProcess } from '../support/peer-process.ts';
import { isActive, Ring, type Tab } from '../support/ring.ts';
import type { ScaleOptions } from './options.ts';

/** Above all peers of a run and those that the Discovery node has not yet missed. */
const MAX_PEERS_PER_ADDRESS = 4_096;

export class Fleet {
  readonly browser: Browser;
  readonly ring: Ring;
  readonly processes: PeerProcess[] = [];
  readonly #processById = new Map<NodeId, PeerProcess>();
  readonly #tabById = new Map<NodeId, Tab>();

  private constructor(browser: Browser, ring: Ring) {
    this.browser = browser;
    this.ring = ring;
  }

  /** Resolves when all nodes are active. */
  static async form(options: ScaleOptions): Promise<Fleet> {
    const browser = await chromium.launch(chromiumLaunch());
    const ring = await Ring.start(browser, {
      maxPeersPerAddress: MAX_PEERS_PER_ADDRESS,
      params: { linkBudget: options.cap, leafSetSize: options.leafSet },
    });
    const fleet = new Fleet(browser, ring);
    try {
      await fleet.#form(options);
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** All nodes of the ring that have not been told to leave. */
  ids(): readonly NodeId[] {
    return [...this.#tabById.keys(), ...this.#processById.keys()];
  }

  /** Those that may be told to leave. */
  peerIds(): readonly NodeId[] {
    return [...this.#processById.keys()];
  }

  async inspections(): Promise<readonly PeerInspection[]> {
    const each = await Promise.all(this.processes.map((process) => process.inspections()));
    return [...each.flat(), ...(await this.ring.inspections())];
  }

  async lookup(from: NodeId, key: string): Promise<LookupResult> {
    const process = this.#processById.get(from);
    if (process !== undefined) return process.lookup(from, key);
    const tab = this.#tabById.get(from);
    const found = await tab?.page.evaluate((key) => window.tabring?.lookup(key), key);
    if (found === undefined) throw new Error(`${from} is no node of the ring`);
    return found;
  }

  /** A new peer in the process of another, so that each keeps as many as it had. Resolves with its id when it is active. */
  async join(beside: NodeId): Promise<NodeId> {
    const process = this.#processById.get(beside);
    if (process === undefined) throw new Error(`${beside} is no peer of the ring`);
    const id = await process.join();
    this.#processById.set(id, process);
    return id;
  }

  /** Takes a peer off the list at once; resolves when it has gone. */
  async part(id: NodeId, parting: Parting): Promise<void> {
    const process = this.#processById.get(id);
    this.#processById.delete(id);
    await process?.part(id, parting);
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.ring.stop();
    await this.browser.close();
  }

  async #form({ peers, processes, forming, tabs, atOnce }: ScaleOptions): Promise<void> {
    const { ring } = this;
    await isActive(await ring.open());
    await forEachParallel(Array(processes).keys(), forming, undefined, async (place) => {
      const share = Math.floor(peers / processes) + (place < peers % processes ? 1 : 0);
      const process = new PeerProcess(ring.discovery.url, { peers: share, atOnce, collectsGarbage: true });
      this.processes.push(process);
      await process.started();
    });
    for (let opened = 1; opened < tabs; opened += 1) await isActive(await ring.open());
    for (const process of this.processes) {
      for (const { nodeId } of await process.inspections()) this.#processById.set(nodeId, process);
    }
    const idOfTabs = await ring.ids();
    idOfTabs.forEach((id, index) => {
      const tab = ring.tabs[index];
      if (tab !== undefined) this.#tabById.set(id, tab);
    });
  }
}
