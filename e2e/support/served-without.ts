// A page that loads while its Discovery node is away, as from a browser's cache: so it asks to be registered the moment that
// the Discovery node can be reached.

import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright/test';

const STATIC_DIR = fileURLToPath(new URL('../../dist', import.meta.url));

/** All that is not said to the Discovery node itself is answered from a built page, this one by default. */
export async function servedWithout(context: BrowserContext, url: string, directory = STATIC_DIR): Promise<void> {
  await context.route(
    (asked) => asked.href.startsWith(url) && !asked.pathname.startsWith('/socket.io'),
    (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill({ path: `${directory}${pathname === '/' ? '/index.html' : pathname}` });
    },
  );
}
