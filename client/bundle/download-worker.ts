// A Vite plugin that builds the download worker as a file of its own beside the page: a service worker serves what is below its
// own folder, and its address must stay the same from build to build.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const WORKER = fileURLToPath(new URL('../src/download-worker/main.ts', import.meta.url));

export function downloadWorker(): Plugin {
  return {
    name: 'download-worker',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: WORKER, fileName: 'download-worker.js' });
    },
  };
}
