// Public files whose blocks live where a test wants them.

import { closestIds, type Key, type NodeId } from '../../src/core/pastry/id.ts';
import type { FileSource } from '../../src/peer/api.ts';
import { encodeManifest } from '../../src/peer/manifest.ts';
import { nameKey } from '../../src/peer/name-key.ts';
import { DIGITS, id } from './ids.ts';
import { fileOf } from './ring.ts';
import { sha256, sha256Of, someBytes } from './transfer-node.ts';

export interface ChosenFile {
  readonly source: FileSource;
  readonly fileId: string;
}

/** So many, each of one block, of `bytes` bytes; `fits` is told of each key's members, the root first. */
export function chosenFiles(
  count: number,
  bytes: number,
  members: readonly NodeId[],
  fits: (closest: readonly NodeId[]) => boolean,
): readonly ChosenFile[] {
  const files: ChosenFile[] = [];
  for (let seed = 1; files.length < count; seed += 1) {
    const [name, type, content] = [`file ${seed}`, 'application/octet-stream', someBytes(bytes, seed)];
    const fileId = sha256Of(encodeManifest({ name, type, size: bytes, content: { kind: 'inline', bytes: content } }));
    const closest = closestIds(id(fileId.slice(0, DIGITS)), members, members.length);
    if (fits(closest)) files.push({ source: fileOf(name, content, type), fileId });
  }
  return files;
}

/** A name whose key `fits`, and the key. */
export async function chosenName(
  members: readonly NodeId[],
  fits: (closest: readonly NodeId[]) => boolean,
): Promise<{ readonly name: string; readonly key: Key }> {
  for (let number = 1; ; number += 1) {
    const name = `name ${number}.txt`;
    const key = await nameKey(name, DIGITS, sha256);
    if (fits(closestIds(key, members, members.length))) return { name, key };
  }
}
