// Files as lists of lines: those stored from a node, and the blocks that it holds for the ring.

import type { FileListing } from '../peer/api.ts';
import { formatBytes } from './format-bytes.ts';
import { statusText } from './status-text.ts';

export function fileLines({ own, held }: FileListing): readonly string[] {
  const heldBytes = held.reduce((sum, { size }) => sum + size, 0);
  return [
    `stored from here: ${count(own.length, 'file')}`,
    ...own.map((file) => `  ${file.fileId}  ${statusText(file)}  ${formatBytes(file.size)}  ${file.name}`),
    `held for the ring: ${count(held.length, 'block')}, ${formatBytes(heldBytes)}`,
    ...held
      // By their places in the ring.
      .toSorted((a, b) => (a.key === b.key ? compare(a.digest, b.digest) : compare(a.key, b.key)))
      .map(({ key, digest, size }) => `  ${digest}  key ${key}  ${formatBytes(size)}`),
  ];
}

/** 1 file, 2 files. */
function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
