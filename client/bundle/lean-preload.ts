// A Vite plugin without Vite's helper for parts that are loaded later: it looks for their style sheets and preloads, of which
// this page has none, and would be a hundredth of all that a newcomer loads.

import type { Plugin } from 'vite';

/** Vite's own name for it. */
const HELPER = '\0vite/preload-helper.js';

export function leanPreload(): Plugin {
  return {
    name: 'lean-preload',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (id === HELPER ? 'export const __vitePreload = (load) => load();' : undefined),
  };
}
