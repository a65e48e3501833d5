// Files where there are no paths: chosen in the browser's dialog, saved as its downloads.

import type { PageFiles } from '../model/page-files.ts';

/** Long enough for a browser to begin a download, milliseconds; until then the bytes are kept. */
const SAVING_MS = 60_000;

export const pageFiles: PageFiles = {
  choose: (signal) =>
    new Promise((resolve) => {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.className = 'offscreen';
      const end = (files: readonly File[]): void => {
        input.remove();
        resolve(files);
      };
      input.addEventListener('change', () => end([...(input.files ?? [])]));
      input.addEventListener('cancel', () => end([]));
      signal.addEventListener('abort', () => end([]), { once: true });
      // Some browsers tell an input of its files only while it is on the page.
      document.body.append(input);
      input.click();
    }),
  save: (name, content) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), SAVING_MS);
  },
  prepare: () =>
    load().then(
      () => undefined,
      (error: unknown) => console.error(error),
    ),
  dropped: async (entries) => (await load()).dropped(entries),
  chosenFolder: async (files) => (await load()).chosenFolder(files),
  openFolder: async (whole, fileId, signal) => (await load()).openPageFolder(whole, fileId, pageFiles.save, signal),
  saveLarge: async (request) => (await load()).saveFile(request, pageFiles.save),
};

// Once loaded they are there, also when the Discovery node, which serves them, is not.
const load = () => import('../saving/loaded.ts');
