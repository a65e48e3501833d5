// The link by which a file is handed on. Id and key are in the fragment, which browsers send to no server.

import type { FileKey } from '../vault/file-key.ts';

/** What a link says: which file, and of a private one how to read it. */
export interface FileAddress {
  readonly fileId: string;
  /** Undefined of a public file. */
  readonly fileKey?: FileKey | undefined;
}

/** Before the id. */
export const LINK_MARKER = '#/f/';

export function fileLink(origin: string, { fileId, fileKey }: FileAddress): string {
  return `${origin}/${LINK_MARKER}${fileId}${fileKey === undefined ? '' : `.${fileKey}`}`;
}
