// A ring that has some blocks and answers at once, and counts what it is asked for; and a file made of such blocks.

import type { BlockRef } from '../../src/core/past/block.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { Counters } from '../../src/peer/counters.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { LeaseSigner } from '../../src/peer/lease-signer.ts';
import { LocalBlocks, type Travelled } from '../../src/peer/local-blocks.ts';
import { encodeManifest } from '../../src/peer/manifest.ts';
import { type LeaseTaken, Requests } from '../../src/peer/requests.ts';
import type { FileParts, StoreBooks } from '../../src/peer/store-file.ts';
import { StoreLeases } from '../../src/peer/store-leases.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { type FileSeal, publicSeal } from '../../src/vault/file-seal.ts';
import { idOf } from './ids.ts';
import { sha256, sha256Of } from './transfer-node.ts';

/** Nothing here takes its time. */
const NO_DEADLINES = { after: () => undefined, cancel: () => undefined };

export class CountedRequests extends Requests {
  fetched = 0;
  /** Steps in which the bytes of each block come, of its size. */
  steps: readonly number[] = [1];
  readonly bytesByDigest: Map<string, Uint8Array>;

  constructor(blocks: readonly Uint8Array[]) {
    const counters = new Counters();
    const dispatch = (): void => undefined;
    super(
      dispatch,
      new LocalBlocks({ suspect: () => undefined, store: new MemoryBlockStore(), sha256, counters, dispatch }),
    );
    this.bytesByDigest = new Map(blocks.map((bytes) => [sha256Of(bytes), bytes]));
  }

  override async fetch({ digest }: BlockRef, _?: AbortSignal, travelled?: Travelled): Promise<Uint8Array> {
    this.fetched += 1;
    const bytes = this.bytesByDigest.get(digest);
    if (bytes === undefined) throw new PeerError('not-found', 'nowhere');
    for (const step of this.steps) travelled?.(Math.floor(bytes.length * step));
    return bytes;
  }

  /** All that hold it confirm. */
  override async lease(): Promise<LeaseTaken> {
    const holder = idOf('0a', 32);
    return { type: 'leased', request: 1, asked: [holder], kept: [holder] };
  }
}

/** What a store of this test's has written of itself: leases of an owner of its own. */
export async function storeBooks(requests: Requests): Promise<StoreBooks> {
  const signer = new LeaseSigner('ring', () => 0, DEFAULT_RING_PARAMS);
  const owner = { owner: 'a'.repeat(43), secret: 'a', sign: async (text: string) => text };
  return {
    leases: new StoreLeases({ signer, requests, pause: async () => undefined }, owner, {}),
    journal: undefined,
  };
}

export interface CountedFile {
  readonly requests: CountedRequests;
  readonly parts: FileParts;
  readonly fileId: string;
  /** As they are kept in the ring. */
  readonly blocks: readonly Uint8Array[];
}

/** A file of these bytes, cut into segments of `segmentBytes`. */
export async function countedFile(
  bytes: Uint8Array,
  segmentBytes: number,
  seal: FileSeal = publicSeal,
): Promise<CountedFile> {
  const count = Math.ceil(bytes.length / segmentBytes);
  const blocks = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      seal.sealSegment(
        { index, isLast: index === count - 1 },
        bytes.subarray(index * segmentBytes, (index + 1) * segmentBytes),
      ),
    ),
  );
  const content = { kind: 'segments', segmentBytes, digests: blocks.map(sha256Of) } as const;
  const manifest = await seal.sealManifest(encodeManifest({ name: 'x', type: '', size: bytes.length, content }));
  const requests = new CountedRequests([manifest, ...blocks]);
  const params = { ...DEFAULT_RING_PARAMS, segmentBytes: segmentBytes + seal.overheadBytes };
  return { requests, parts: { requests, sha256, params, deadlines: NO_DEADLINES }, fileId: sha256Of(manifest), blocks };
}
