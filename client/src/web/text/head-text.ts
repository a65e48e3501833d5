// What is said of a file before it is fetched.

import type { FileHead } from '../../peer/api.ts';
import { bytes } from './words/amounts.ts';

/** 70 KB, text/plain. */
export function headText({ size, type }: FileHead): string {
  return type === '' ? bytes(size) : `${bytes(size)}, ${type}`;
}
