// A Vite plugin that leaves the way over WebTransport out of Engine.IO's client, which has no option for that.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

export function leanEngineIo(): Plugin {
  return {
    name: 'lean-engine-io',
    enforce: 'pre',
    resolveId(source, importer) {
      const isIt = source === './webtransport.js' && importer?.includes('/node_modules/engine.io-client/') === true;
      return isIt ? fileURLToPath(new URL('lean/webtransport.ts', import.meta.url)) : undefined;
    },
  };
}
