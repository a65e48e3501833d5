// A file as a small picture, the ending of its name on a sheet; or a folder.

import type { FileHead } from '../../peer/retrieved-file.ts';

/** Longer endings are no endings that people know. */
const MAX_ENDING = 4;

interface FileMarkProps {
  readonly file: Pick<FileHead, 'name'>;
  readonly isFolder: boolean;
}

export function FileMark({ file, isFolder }: FileMarkProps) {
  const ending = /\.([a-z0-9]+)$/i.exec(file.name)?.[1] ?? '';
  return (
    <svg class="file-mark" viewBox="0 0 40 48" aria-hidden="true">
      <path class="sheet" d={isFolder ? 'M2 10h14l4 5h18v25H2z' : 'M5 2h20l10 10v34H5z'} />
      <path class="fold" d={isFolder ? 'M2 19h36' : 'M25 2v10h10'} />
      <text x="20" y="34">
        {isFolder || ending.length > MAX_ENDING ? '' : ending.toUpperCase()}
      </text>
    </svg>
  );
}
