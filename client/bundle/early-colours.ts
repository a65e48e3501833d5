// A Vite plugin that puts the chosen colours on the page before it is drawn: a small classic script at the top of index.html, since
// the browser draws before it runs modules, and the page's policy lets no script stand in the HTML itself.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const SCRIPT = fileURLToPath(new URL('../src/web/early-colours.ts', import.meta.url));

export function earlyColours(): Plugin {
  return {
    name: 'early-colours',
    buildStart() {
      if (this.environment.mode === 'build') this.emitFile({ type: 'chunk', id: SCRIPT, name: 'early-colours' });
    },
    transformIndexHtml(_, { bundle }) {
      const built = Object.values(bundle ?? {}).find((each) => each.type === 'chunk' && each.facadeModuleId === SCRIPT);
      const attrs =
        built === undefined ? { type: 'module', src: '/src/web/early-colours.ts' } : { src: `./${built.fileName}` };
      return [{ tag: 'script', attrs, injectTo: 'head-prepend' }];
    },
  };
}
