// All that the page needs to save, and for folders, as one module: it is loaded behind the page, and at once.

export { dropped } from './dropped-folder.ts';
export { sourceOf } from './given-source.ts';
export { openPageFolder } from './open-folder.ts';
export { saveFile } from './save-file.ts';
