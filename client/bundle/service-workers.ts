// A Vite plugin that builds the page's service workers as files of their own beside it: a service worker serves what is below its
// own folder, and its address must stay the same from build to build.

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Build } from '../src/page-worker/shell.ts';

const DOWNLOAD_WORKER = fileURLToPath(new URL('../src/download-worker/main.ts', import.meta.url));
const PAGE_WORKER = fileURLToPath(new URL('../src/page-worker/main.ts', import.meta.url));

export const WORKER_FILES = { download: 'download-worker.js', page: 'page-worker.js' } as const;

export function serviceWorkers(): Plugin {
  return {
    name: 'service-workers',
    apply: 'build',
    // index.html is made last.
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: DOWNLOAD_WORKER, fileName: WORKER_FILES.download });
      this.emitFile({ type: 'chunk', id: PAGE_WORKER, fileName: WORKER_FILES.page });
    },
    generateBundle(_, bundle) {
      const worker = bundle[WORKER_FILES.page];
      const html = bundle['index.html'];
      if (worker?.type !== 'chunk' || html?.type !== 'asset') throw new Error('no page, or no worker for it');
      if (worker.imports.length > 0)
        throw new Error(`${WORKER_FILES.page} is no module, and imports ${worker.imports}`);
      const parts = Object.keys(bundle)
        .filter((name) => name.startsWith('assets/'))
        .sort();
      // The names of the parts have their own digests in them. Another page makes another worker, so that browsers see it.
      const digest = createHash('sha256').update(html.source).update(parts.join('\n')).digest('hex');
      const build: Build = { digest, parts };
      worker.code = `const BUILD=${JSON.stringify(build)};\n${worker.code}`;
    },
  };
}
