// A manifest out of its block, by the file's seal.

import type { RingParams } from '../core/pastry/params.ts';
import type { FileSeal } from '../vault/file-seal.ts';
import { PeerError } from './errors.ts';
import { decodeManifest, type Manifest } from './manifest.ts';

/** The first byte of a public manifest, which is `{`. */
const JSON_START = 0x7b;

/** Rejects with a PeerError: wrong-key, corrupt. */
export async function openManifest(
  seal: FileSeal,
  block: Uint8Array,
  { segmentBytes }: Pick<RingParams, 'segmentBytes'>,
): Promise<Manifest> {
  const bytes = await seal.openManifest(block);
  if (bytes === undefined)
    throw new PeerError('wrong-key', 'the key in the link is not that of this file: copy the whole link again');
  if (seal.isPlain && bytes[0] !== JSON_START)
    throw new PeerError(
      'wrong-key',
      'what is stored under this id is no public file; a private one opens by its whole link only, with the key in it',
    );
  return decodeManifest(bytes, segmentBytes - seal.overheadBytes);
}
