// Two homes that nothing joins: the page says soon what is missing, and what would help.

import { type Browser, expect, test } from 'playwright/test';
import { isActive, newTab, register, type Tab } from '../support/ring.ts';
import { startBrowserIn } from './browser-in.ts';
import { whyNoNamespaces } from './namespaces.ts';
import { DISCOVERY_URL, startServers, whyNoTurn } from './public-servers.ts';
import { buildNetwork, type Homes } from './two-homes.ts';

/** From the registration on. */
const SAID_MS = 20_000;

const noNamespaces = whyNoNamespaces();
const noTurn = whyNoTurn();

const CASES: readonly (readonly [string, Homes])[] = [
  ['symmetric / symmetric', { a: 'symmetric', b: 'symmetric' }],
  ['UDP blocked on one side', { a: 'cone', b: 'symmetric', blocksUdp: 'a' }],
];

for (const [name, homes] of CASES) {
  test(`${name}, neither TURN nor --relay: the page says what would help`, async () => {
    test.skip(noNamespaces !== undefined, noNamespaces);
    test.skip(noTurn !== undefined, noTurn);
    const network = await buildNetwork(homes);
    const browsers: Browser[] = [];
    const open = async (computer: 'a1' | 'b1'): Promise<Tab> => {
      const browser = await startBrowserIn(network.computers[computer], 'chromium', DISCOVERY_URL);
      browsers.push(browser);
      const tab = await newTab(browser, { explained: async (work) => void (await work) });
      await register(tab, DISCOVERY_URL);
      return tab;
    };
    try {
      await startServers(network.public, { ice: 'stun' });
      await isActive(await open('a1'));
      const { page } = await open('b1');
      const said = page.getByText(/a TURN server is needed, or --relay: ask the operator/).first();
      await expect(said).toBeVisible({ timeout: SAID_MS });
    } finally {
      await Promise.allSettled(browsers.map((browser) => browser.close()));
      await network.remove();
    }
  });
}
