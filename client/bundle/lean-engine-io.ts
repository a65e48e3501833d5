// A Vite plugin that leaves out of Engine.IO's client the way over WebTransport, which has no option for that, its parser of addresses,
// and what is of use in Node alone; and polls with fetch, which all browsers have in which the page runs, instead of XMLHttpRequest: the library has both.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** By the library's module: what stands in its place. */
const LEAN: Readonly<Record<string, string>> = {
  './webtransport.js': 'lean/webtransport.ts',
  './contrib/parseuri.js': 'lean/socket-url.ts',
};
/** By any name: of the browser's, and of Node's, which its package says is then the browser's. */
const POLLING = /\/polling-xhr(?:\.node)?\.js$/;
/** Where the library's files are, in the path of one of them. */
const FOLDER = /^.*\/node_modules\/engine\.io-client\/build\/esm\//;
/** What no browser has: a jar for cookies of its own, and timers that keep no process alive. */
const OF_NODE = /this\.socket\._cookieJar|this\.opts\.autoUnref/g;
/** Followed by the path of the library's way to poll with fetch. */
const LEAN_POLLING = '\0lean-polling:';

export function leanEngineIo(): Plugin {
  return {
    name: 'lean-engine-io',
    enforce: 'pre',
    resolveId(source, importer) {
      const [folder] = FOLDER.exec(importer ?? '') ?? [];
      if (folder === undefined) return undefined;
      const lean = LEAN[source];
      if (lean !== undefined) return fileURLToPath(new URL(lean, import.meta.url));
      return POLLING.test(source) ? `${LEAN_POLLING}${folder}transports/polling-fetch.js` : undefined;
    },
    transform(code, id) {
      return FOLDER.test(id) ? { code: code.replaceAll(OF_NODE, 'undefined'), map: null } : undefined;
    },
    load(id) {
      if (!id.startsWith(LEAN_POLLING)) return undefined;
      return `export { Fetch as XHR } from ${JSON.stringify(id.slice(LEAN_POLLING.length))};`;
    },
  };
}
