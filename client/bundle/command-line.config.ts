// Builds the command line (client/src/node to build/), so that it starts without compiling: some three times as fast.

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const TOP = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root: TOP,
  publicDir: false,
  plugins: [listInputs()],
  build: {
    ssr: 'client/src/node/main.ts',
    outDir: 'build',
    emptyOutDir: true,
    target: 'node20',
    // Names in stack traces are of more use than bytes.
    minify: false,
    // As deep below the top as the sources of the Discovery node, which look for the page and package.json from there.
    rolldownOptions: { output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } },
  },
});

/** Writes inputs.json beside the result: the files that it was made of, so that nobody runs one that is older than these. */
function listInputs(): Plugin {
  return {
    name: 'list-inputs',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const inputs = modules.filter((id) => id.startsWith(TOP)).map((id) => relative(TOP, id));
      this.emitFile({ type: 'asset', fileName: 'inputs.json', source: JSON.stringify(inputs.sort()) });
    },
  };
}
