// A Vite plugin that leaves out of Engine.IO's client the way over WebTransport, which has no option for that, and polls with fetch, which
// all browsers have in which the page runs, instead of XMLHttpRequest: the library has both.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const WEB_TRANSPORT = './webtransport.js';
/** By any name: of the browser's, and of Node's, which its package says is then the browser's. */
const POLLING = /\/polling-xhr(?:\.node)?\.js$/;
const FETCH = fileURLToPath(
  new URL('../../node_modules/engine.io-client/build/esm/transports/polling-fetch.js', import.meta.url),
);
const LEAN_POLLING = '\0lean-polling';

export function leanEngineIo(): Plugin {
  return {
    name: 'lean-engine-io',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer?.includes('/node_modules/engine.io-client/') !== true) return undefined;
      if (source === WEB_TRANSPORT) return fileURLToPath(new URL('lean/webtransport.ts', import.meta.url));
      return POLLING.test(source) ? LEAN_POLLING : undefined;
    },
    load: (id) => (id === LEAN_POLLING ? `export { Fetch as XHR } from ${JSON.stringify(FETCH)};` : undefined),
  };
}
