// A manifest that is made by hand, stored as what it is: a block. A file whose bytes are a manifest is stored as one segment,
// at whose digest the manifest is then found.

import type { HostilePeer } from './hostile-peer.ts';

/** Longer than a file that rides inside its own manifest; shorter than a segment. */
const LENGTH = 100_000;

/** A file that says that it is `times` as long as the one segment that it is made of; returns its id. */
export async function storeRepeated(hostile: HostilePeer, times: number, segmentBytes: number): Promise<string> {
  const zeros = new Uint8Array(segmentBytes);
  await hostile.peer.store(new File([zeros], 'a segment'), { isPublic: true });
  const digest = await digestOf(zeros);
  const segments = Array<string>(times).fill(digest);
  return storeManifest(hostile, { name: 'large.bin', type: '', size: times * segmentBytes, segmentBytes, segments });
}

async function storeManifest(hostile: HostilePeer, manifest: object): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, ...manifest }).padEnd(LENGTH));
  await hostile.peer.store(new File([bytes], 'a manifest'), { isPublic: true });
  return digestOf(bytes);
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
