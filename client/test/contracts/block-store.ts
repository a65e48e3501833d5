// What every BlockStore must do (peer/ports.ts).

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { Leased } from '../../src/core/past/lease.ts';
import { idFromPrefix } from '../../src/core/pastry/id.ts';
import type { BlockStore } from '../../src/peer/ports.ts';

export interface BlockStoreFactory {
  /** A new, empty store. */
  open(): Promise<BlockStore>;
  /** For stores that outlive their process: closes one and opens it again. */
  readonly reopen?: (store: BlockStore) => Promise<BlockStore>;
}

/** Some block; the digest is any name, since stores do not check it. */
export function blockRef(number: number, size: number): BlockRef {
  const digest = number.toString(16).padStart(64, '0');
  const key = idFromPrefix(digest.slice(-32), 32);
  if (key === undefined) throw new Error('no key');
  return { key, digest, size };
}

function byDigest(a: Leased, b: Leased): number {
  return a.block.digest < b.block.digest ? -1 : 1;
}

export function describeBlockStore(name: string, { open, reopen }: BlockStoreFactory): void {
  describe(`${name} as a block store`, () => {
    const bytes = (size: number, fill = 1) => new Uint8Array(size).fill(fill);

    test('gives back what was put, of any size', async () => {
      const store = await open();
      for (const size of [0, 1, 65_536, 4 * 1024 * 1024]) {
        const ref = blockRef(size, size);
        await store.put(ref, bytes(size));
        // Not toEqual, which takes seconds for millions of bytes.
        const got = await store.get(ref.digest);
        expect(got?.length).toBe(size);
        expect(got?.every((byte) => byte === 1)).toBe(true);
      }
      expect(await store.list()).toHaveLength(4);
    });

    test('lists what it holds, and only that', async () => {
      const store = await open();
      expect(await store.list()).toEqual([]);
      await store.put(blockRef(1, 10), bytes(10));
      await store.put(blockRef(2, 20), bytes(20));
      await store.delete(blockRef(1, 10).digest);
      expect(await store.list()).toEqual([blockRef(2, 20)]);
    });

    test('calls for one block that overlap take effect in their order', async () => {
      const store = await open();
      const ref = blockRef(1, 10);
      await store.put(ref, bytes(10, 1));
      for (let round = 0; round < 10; round += 1) {
        await Promise.all([store.delete(ref.digest), store.put(ref, bytes(10, 2))]);
        expect([await store.list(), await store.get(ref.digest)]).toEqual([[ref], bytes(10, 2)]);
        await Promise.all([store.put(ref, bytes(10, 3)), store.delete(ref.digest)]);
        expect([await store.list(), await store.get(ref.digest)]).toEqual([[], undefined]);
        await store.put(ref, bytes(10, 1));
      }
    });

    test('is intact as long as nobody touches what is its own', async () => {
      const store = await open();
      await store.put(blockRef(1, 10), bytes(10));
      await store.delete(blockRef(1, 10).digest);
      expect([await store.check(), await store.check()]).toEqual(['intact', 'intact']);
    });

    test('says how much more it takes', async () => {
      const store = await open();
      await store.put(blockRef(1, 10), bytes(10));
      expect(await store.freeBytes()).toBeGreaterThan(0);
    });

    test('has nothing of what it never got', async () => {
      const store = await open();
      expect(await store.get(blockRef(1, 1).digest)).toBe(undefined);
      await store.delete(blockRef(1, 1).digest);
      expect(await store.list()).toEqual([]);
    });

    test('putting a block twice keeps one', async () => {
      const store = await open();
      await store.put(blockRef(1, 10), bytes(10));
      await store.put(blockRef(1, 10), bytes(10));
      expect(await store.list()).toEqual([blockRef(1, 10)]);
      await store.delete(blockRef(1, 10).digest);
      expect(await store.get(blockRef(1, 10).digest)).toBe(undefined);
    });

    test('keeps its own copy of the bytes, of just the part that was given', async () => {
      const store = await open();
      const buffer = bytes(1000, 7);
      await store.put(blockRef(1, 10), buffer.subarray(100, 110));
      buffer.fill(8);
      const first = await store.get(blockRef(1, 10).digest);
      expect(first).toEqual(bytes(10, 7));
      expect(first?.buffer.byteLength).toBe(10);
      first?.fill(9);
      expect(await store.get(blockRef(1, 10).digest)).toEqual(bytes(10, 7));
    });

    test('takes many blocks at once', async () => {
      const store = await open();
      const refs = Array.from({ length: 50 }, (_, i) => blockRef(i, i));
      await Promise.all(refs.map((ref) => store.put(ref, bytes(ref.size))));
      expect((await store.list()).toSorted((a, b) => a.size - b.size)).toEqual(refs);
    });

    test('after any puts and deletes it holds what a map would', async () => {
      const step = fc.record({ digest: fc.nat(5), size: fc.nat(100), deletes: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
          const store = await open();
          const model = new Map<string, Uint8Array>();
          for (const { digest: number, size, deletes } of steps) {
            const ref = blockRef(number, size);
            if (deletes) {
              await store.delete(ref.digest);
              model.delete(ref.digest);
            } else {
              await store.put(ref, bytes(size));
              model.set(ref.digest, bytes(size));
            }
          }
          const listed = await store.list();
          expect(listed.map(({ digest }) => digest).toSorted()).toEqual([...model.keys()].toSorted());
          for (const { digest, size } of listed) {
            expect(await store.get(digest)).toEqual(model.get(digest));
            expect(model.get(digest)).toHaveLength(size);
          }
        }),
        { numRuns: 20 },
      );
    });

    const leased = (number: number, serial: number, ends = false): Leased => {
      const block = blockRef(number, 10);
      const terms = { owner: 'o'.repeat(43), expires: 1_800_000_000_000, serial, ends, signature: 's'.repeat(86) };
      return { block, leases: [{ digest: block.digest, ...terms }] };
    };

    test('keeps leases beside blocks, the last that were given, and after a block is gone', async () => {
      const store = await open();
      expect(await store.leases()).toEqual([]);
      await store.setLeases(leased(1, 1));
      await store.put(blockRef(1, 10), bytes(10));
      await store.setLeases(leased(1, 2));
      await store.setLeases(leased(2, 1, true));
      expect((await store.leases()).toSorted(byDigest)).toEqual([leased(1, 2), leased(2, 1, true)]);
      expect(await store.list()).toEqual([blockRef(1, 10)]);
      await store.delete(blockRef(1, 10).digest);
      expect(await store.leases()).toHaveLength(2);
      await store.setLeases({ ...leased(1, 2), leases: [] });
      await store.setLeases({ ...leased(3, 2), leases: [] });
      expect(await store.leases()).toEqual([leased(2, 1, true)]);
      expect(await store.check()).toBe('intact');
    });

    test.skipIf(reopen === undefined)('knows the same leases after it was closed and opened', async () => {
      const store = await open();
      await store.setLeases(leased(1, 1));
      await store.put(blockRef(1, 10), bytes(10));
      await store.setLeases(leased(2, 1, true));
      const again = await reopen?.(store);
      expect(((await again?.leases()) ?? []).toSorted(byDigest)).toEqual([leased(1, 1), leased(2, 1, true)]);
      expect(await again?.list()).toEqual([blockRef(1, 10)]);
    });

    test.skipIf(reopen === undefined)('holds the same after it was closed and opened', async () => {
      const store = await open();
      await store.put(blockRef(1, 10), bytes(10));
      const again = await reopen?.(store);
      expect(await again?.list()).toEqual([blockRef(1, 10)]);
      expect(await again?.get(blockRef(1, 10).digest)).toEqual(bytes(10));
    });
  });
}
