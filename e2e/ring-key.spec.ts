// Another ring at a known address: the page says so before it joins, and its user may accept the new key.

import { expect, test } from 'playwright/test';
import { inspect, isActive, Ring } from './support/ring.ts';

test('another key of the Discovery node is told; accepted, the tab joins the new ring as the node that it was', async ({
  browser,
}) => {
  const former = await Ring.start(browser);
  const tab = await former.open();
  await isActive(tab);
  const { nodeId } = await inspect(tab);
  // The Discovery node serves the page's later parts too, and the pill is one of them.
  await tab.page.waitForLoadState('networkidle');
  await former.stopDiscovery();
  const ring = await Ring.start(browser, { port: former.discovery.port });

  const line = tab.page.locator('#discovery');
  await expect(line).toHaveText(/proves itself with another key than before/, { timeout: 30_000 });
  await expect(tab.page.locator('#status')).toHaveAttribute('data-status', 'active');

  await tab.page.reload();
  await expect(tab.page.getByRole('alert')).toContainText('another key than at the first visit');
  expect(ring.discovery.peers()).toBe(0);
  await tab.page.getByRole('button', { name: 'Accept the new key' }).click();
  await isActive(tab);
  expect((await inspect(tab)).nodeId).toBe(nodeId);
  await tab.page.reload();
  await isActive(tab);
  await ring.stop();
  await former.stop();
});
