// What is said of a file before it is fetched. Pure.

import type { FileHead } from '../../peer/api.ts';
import { formatBytes } from './format.ts';

/** 70 KB, text/plain. */
export function headText({ size, type }: FileHead): string {
  return type === '' ? formatBytes(size) : `${formatBytes(size)}, ${type}`;
}
