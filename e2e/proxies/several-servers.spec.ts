// Tabs that can only poll, before two Discovery nodes: all requests of one go to one, by the cookie of the web server in front.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { ServerGroup } from '../../client/test/node/server-group.ts';
import { startCaddy } from '../../client/test/support/web-server.ts';
import { withoutRedis } from '../../signaling/test/redis-server.ts';
import { expected, fetchIn, storeIn, type TestFile } from '../support/files.ts';
import { isActive, newTab, type Tab } from '../support/ring.ts';
import { getWebServer } from './web-servers.ts';

const FILE: TestFile = { name: 'notes.txt', type: 'text/plain', size: 100_000, seed: 1 };
const TABS = 4;

const { program = '', why } = getWebServer('caddy');

test('tabs that poll stay with the server that they began with', async ({ browser }) => {
  test.skip(why !== undefined, why);
  test.skip(withoutRedis !== undefined, withoutRedis);
  const folder = await mkdtemp(join(tmpdir(), 'tabring-proxies-'));
  const group = await ServerGroup.start(2, false);
  const servers = group.members.map(({ url }) => new URL(url).host).join(' ');
  const settings = '\t\tlb_policy cookie\n\t\theader_up -Upgrade\n\t\theader_up -Connection\n';
  const front = await startCaddy(
    program,
    folder,
    (port) => `http://localhost:${port} {\n\treverse_proxy ${servers} {\n${settings}\t}\n}\n`,
  );
  const tabs: Tab[] = [];
  const refused: string[] = [];
  try {
    for (let opened = 0; opened < TABS; opened += 1) {
      const tab = await newTab(browser, { explained: (work) => work.then(() => undefined) });
      tabs.push(tab);
      tab.page.on('response', (response) => {
        if (response.url().includes('transport=polling') && !response.ok()) refused.push(response.url());
      });
      await tab.page.goto(`http://localhost:${front.port}/`);
      await isActive(tab);
    }
    const [first, second] = tabs;
    if (first === undefined || second === undefined) throw new Error('no tabs');
    const { link } = await storeIn(first, FILE);
    expect(await fetchIn(second, link)).toEqual(expected(FILE));
    expect(refused).toEqual([]);
  } finally {
    for (const { context } of tabs) await context.close();
    await front.stop();
    await group.stop();
    await rm(folder, { recursive: true });
  }
});
