// A member that lies about copies, as the root of files and as a holder, in the numbers in which it once went unnoticed. What a
// storer counts was said by the holders themselves; who cannot prove what it claims is found out within seconds, its copies are
// made elsewhere, and what the storer is shown meanwhile is at most one lie that nobody has checked yet. Under virtual time; over
// real links: client/test/hostile/empty-hands.test.ts.

import { beforeAll, describe, expect, it } from 'vitest';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { holdNothing, reportCopies } from '../hostile/empty-hands.ts';
import { Authority } from '../trust/authority.ts';
import { type ChosenFile, chosenFiles } from './chosen-files.ts';
import { counted, HONEST, holdersByDigest, MINUTE_MS, openRing, ROGUE, SECOND_MS } from './hostile-members.ts';
import { id } from './ids.ts';
import type { TestRing } from './ring.ts';
import { RingLiar } from './ring-liar.ts';
import { ShownCopies } from './shown-copies.ts';

const FILE_BYTES = 500;
/** k. */
const COPIES = 3;
/** By then one that claims copies is found out, and no file is shown with more than it has. */
const FOUND_OUT_MS = 30 * SECOND_MS;
const MEMBERS = [...HONEST, ROGUE].map(id);

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.create(nobleSuite);
});

/** Stores them, each from another honest node: none is acknowledged on the liar's word. */
async function storeAll(ring: TestRing, files: readonly ChosenFile[]): Promise<void> {
  for (const [index, { source, fileId }] of files.entries()) {
    const { peer } = ring.node(HONEST[index % HONEST.length] ?? '');
    const stored = await ring.time.result(peer.store(source, { isPublic: true }), 2 * MINUTE_MS);
    expect(stored.fileId).toBe(fileId);
    // More than half of k, and one of them may be a lie that has not been found out yet.
    expect(copiesOf(ring, fileId)).toBeGreaterThanOrEqual(Math.max(1, stored.copies - 1));
  }
}

function copiesOf(ring: TestRing, fileId: string): number {
  return holdersByDigest(ring).get(fileId)?.length ?? 0;
}

/** All have all their copies on honest nodes in the end; their storers are shown `least` to what there is, and never much more. */
async function expectTrueCopies(
  ring: TestRing,
  files: readonly ChosenFile[],
  shown: ShownCopies,
  least: number,
): Promise<void> {
  const isWhole = (): boolean => {
    const holders = holdersByDigest(ring);
    const own = HONEST.flatMap((name) => ring.node(name).peer.listFiles().own);
    return (
      own.length === files.length &&
      files.every(({ fileId }) => (holders.get(fileId)?.length ?? 0) >= COPIES) &&
      own.every(({ copies, fileId }) => copies >= least && copies <= (holders.get(fileId)?.length ?? 0))
    );
  };
  for (let waited = 0; waited < 5 * MINUTE_MS && !isWhole(); waited += SECOND_MS) await ring.time.pass(SECOND_MS);
  expect(isWhole()).toBe(true);
  shown.stop();
  expect(shown.surplus).toBeLessThanOrEqual(1);
  expect(shown.longestMs).toBeLessThanOrEqual(FOUND_OUT_MS);
}

describe('a member that lies about copies', () => {
  it('P28, P29: as the root of 100 files reports copies that nobody has: all have three, and are never shown with more', async () => {
    const ring = await openRing(authority, 16);
    const files = chosenFiles(100, FILE_BYTES, MEMBERS, ([root]) => root === id(ROGUE));
    reportCopies(new RingLiar(ring, ROGUE), HONEST.slice(0, COPIES).map(id));
    const shown = new ShownCopies(ring);
    await storeAll(ring, files);
    // Who has found it out only once still asks it, and not the node that holds the third copy in its place.
    await expectTrueCopies(ring, files, shown, COPIES - 1);
    expect(counted(ring, 'receipts refused: a signature that is wrong')).toBeGreaterThan(0);
  });

  it('P31, P36: as a holder of 60 files keeps nothing: found out, and their copies are made elsewhere', async () => {
    const ring = await openRing(authority, 16);
    const files = chosenFiles(60, FILE_BYTES, MEMBERS, (closest) => [1, 2].includes(closest.indexOf(id(ROGUE))));
    holdNothing(new RingLiar(ring, ROGUE));
    const shown = new ShownCopies(ring);
    await storeAll(ring, files);
    await expectTrueCopies(ring, files, shown, COPIES);
    expect(counted(ring, 'misbehaved: a wrong proof of holding')).toBeGreaterThan(0);
  });
});
