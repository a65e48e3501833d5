// What the build lays beside its files for visitors that take compressed forms.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { precompress } from '../../bundle/precompress.ts';

test('scripts and the page have a brotli and a gzip form of the same bytes, pictures and small files none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tabring-build-'));
  try {
    const words = Array.from({ length: 500 }, (_, index) => `word${index}`).join(' ');
    await writeFile(
      join(root, 'index.html'),
      `<!doctype html><p>${words}</p><script type="module" src="./a.js"></script>`,
    );
    await writeFile(join(root, 'a.js'), `document.title = ${JSON.stringify(words)}; import('./b.js');`);
    await writeFile(join(root, 'b.js'), 'document.title += 1;');
    await build({
      ...{ root, configFile: false, logLevel: 'silent', plugins: [precompress()] },
      build: { outDir: 'out', modulePreload: false },
    });
    const out = join(root, 'out');
    const names = (await readdir(out, { recursive: true })).sort();
    const compressed = names.filter((name) => /\.(br|gz)$/.test(name));
    expect(compressed.map((name) => name.replace(/-[\w-]{8}\./, '.'))).toEqual([
      ...['assets/index.js.br', 'assets/index.js.gz', 'index.html.br', 'index.html.gz'],
    ]);
    for (const name of compressed) {
      const bytes = await readFile(join(out, name));
      const plain = name.endsWith('.br') ? brotliDecompressSync(bytes) : gunzipSync(bytes);
      expect(plain).toEqual(await readFile(join(out, name.slice(0, -3))));
      expect(bytes.length).toBeLessThan(plain.length / 2);
    }
  } finally {
    await rm(root, { recursive: true });
  }
});
