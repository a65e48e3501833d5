// Files where there are no paths: chosen in the browser's dialog, saved as its downloads.

import { lazily } from '../../peer/lazily.ts';
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
  prepare: async (failed) => {
    await saving.whenThere(failed);
  },
  dropped: async (entries) => (await saving.once()).dropped(entries),
  sourceOf: async (given) => (await saving.once()).sourceOf(given),
  openFolder: async (whole, fileId, signal) =>
    (await saving.once()).openPageFolder(whole, fileId, pageFiles.save, signal),
  saveLarge: async (request) => (await saving.once()).saveFile(request, pageFiles.save),
};

// Once loaded they are there, also when the Discovery node, which serves them, is not.
const saving = lazily(() => import('../saving/loaded.ts'));
