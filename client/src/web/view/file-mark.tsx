// A file as a small picture: the ending of its name on a sheet.

import type { FileHead } from '../../peer/retrieved-file.ts';

/** Longer endings are no endings that people know. */
const MAX_ENDING = 4;

export function FileMark({ file }: { readonly file: Pick<FileHead, 'name'> }) {
  const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1] ?? '';
  return (
    <svg class="file-mark" viewBox="0 0 40 48" aria-hidden="true">
      <path class="sheet" d="M5 2h20l10 10v34H5z" />
      <path class="fold" d="M25 2v10h10" />
      <text x="20" y="34">
        {ending.length <= MAX_ENDING ? ending.toUpperCase() : ''}
      </text>
    </svg>
  );
}
