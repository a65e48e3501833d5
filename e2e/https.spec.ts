// The page over https with a certificate made on the spot: tabs register over secure WebSockets and are one ring.

import { fileURLToPath } from 'node:url';
import { expect, test } from 'playwright/test';
import type {} from '../client/src/web/tabring.ts';
import { startDiscoveryNode } from '../signaling/server.ts';
import { loadTls } from '../signaling/tls.ts';

const STATIC_DIR = fileURLToPath(new URL('../dist', import.meta.url));

test('two tabs of a page with a self-signed certificate exchange a file', async ({ browser }) => {
  const tls = await loadTls({ type: 'self-signed' });
  const discovery = await startDiscoveryNode({ host: '127.0.0.1', staticDir: STATIC_DIR, tls });
  const contexts = await Promise.all([1, 2].map(() => browser.newContext({ ignoreHTTPSErrors: true })));
  try {
    const [first, second] = await Promise.all(contexts.map((context) => context.newPage()));
    if (first === undefined || second === undefined) throw new Error('no pages');
    for (const page of [first, second]) {
      await page.goto(discovery.url);
      await page.waitForFunction(() => window.tabring?.status === 'active');
      expect(await page.evaluate(() => isSecureContext)).toBe(true);
    }
    const link = await first.evaluate(() =>
      window.tabring?.store(new File(['hello over https'], 'a.txt')).then((stored) => stored.link),
    );
    expect(link).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/#\/f\//);
    const text = await second.evaluate(async (link) => {
      const file = await window.tabring?.retrieve(link ?? '');
      return (await file?.blob())?.text();
    }, link);
    expect(text).toBe('hello over https');
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
    await discovery.close();
  }
});
