// A member that lies about copies. What a storer counts was said by the holders themselves; who cannot prove what it claims is
// found out, its copies are made elsewhere, and the storer is shown what there is; and a file that the root hides is found.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hideHolders, holdNothing, reportCopies } from './empty-hands.ts';
import { HostileRing, inRing } from './hostile-ring.ts';
import { until } from './until.ts';

const HONEST = 5;
const FILES = 16;
const FILE_BYTES = 2_000;
/** k: as many copies as there should be. */
const COPIES = 3;
const LIMIT_MS = 180_000;
/** Finding liars out takes minutes on a busy machine: `npm run test:liars`. Always run under virtual time: client/test/peer/empty-hands.test.ts. */
const mayTakeMinutes = process.env.TABRING_LONG_TESTS === '1';

describe.concurrent('a member that lies about copies', () => {
  it.runIf(mayTakeMinutes)(
    'says that it holds them and keeps nothing: found out, and they are made elsewhere',
    async () => {
      await inRing(start, async (ring) => {
        holdNothing(ring.hostile);
        await expectTrueCopies(ring, await storeAll(ring));
        expect(misdeeds(ring)).toContainEqual(expect.stringContaining('a wrong proof of holding'));
      });
    },
    LIMIT_MS,
  );

  it.runIf(mayTakeMinutes)(
    'reports, as root, copies that nobody has: passed over, since the storer counts what holders have signed',
    async () => {
      await inRing(start, async (ring) => {
        reportCopies(ring.hostile, ring.ids.slice(0, COPIES));
        await expectTrueCopies(ring, await storeAll(ring));
        expect(misdeeds(ring)).toContainEqual(expect.stringContaining('signature that is wrong'));
      });
    },
    LIMIT_MS,
  );

  it.each([
    ['only itself', true],
    ['nobody', false],
  ])(
    'names, as root, %s to those who fetch: hides no file',
    async (_, namesItself) => {
      await inRing(start, async (ring) => {
        const fileIds = await ring.store(FILES, FILE_BYTES);
        hideHolders(ring.hostile, namesItself);
        for (const peer of ring.honest) {
          const files = await Promise.all(fileIds.map((fileId) => peer.retrieve(ring.linkOf(fileId))));
          for (const file of files) expect((await file.blob()).size).toBe(FILE_BYTES);
        }
      });
    },
    LIMIT_MS,
  );
});

function start(): Promise<HostileRing> {
  return HostileRing.start(HONEST);
}

/** Stores files and checks what is true at once: none is acknowledged without a copy on an honest peer. */
async function storeAll(ring: HostileRing): Promise<readonly string[]> {
  const fileIds: string[] = [];
  for (let index = 0; index < FILES; index += 1) {
    const storer = ring.at(index);
    const { fileId, link, copies } = await storer.store(new File([randomBytes(FILE_BYTES)], `file ${index}`));
    fileIds.push(fileId);
    ring.stored(fileId, link);
    // One of them may be a lie that has not been found out yet.
    expect(ring.copies(fileId)).toBeGreaterThanOrEqual(Math.max(1, copies - 1));
  }
  return fileIds;
}

/** All files have all their copies on honest peers in the end, and their storers are shown no more than there are. */
async function expectTrueCopies(ring: HostileRing, fileIds: readonly string[]): Promise<void> {
  await until(() => fileIds.every((fileId) => ring.copies(fileId) >= COPIES));
  const own = () => ring.honest.flatMap((peer) => peer.listFiles().own);
  await until(() => own().every(({ fileId, copies }) => copies <= ring.copies(fileId)));
  ring.hostile.goodbye();
  await ring.expectReadable(fileIds, FILE_BYTES);
}

function misdeeds(ring: HostileRing): readonly string[] {
  return [...new Set(ring.honest.flatMap(({ counters }) => Object.keys(counters)))];
}
