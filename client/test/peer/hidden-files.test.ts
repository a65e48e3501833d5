// Members that hide what there is from who fetches or looks a name up: found at the others within ten seconds, under virtual time.

import { beforeAll, describe, expect, it } from 'vitest';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { nameNothing } from '../hostile/crowded-names.ts';
import { hideHolders } from '../hostile/empty-hands.ts';
import { Authority } from '../trust/authority.ts';
import { chosenFiles, chosenName } from './chosen-files.ts';
import { HONEST, openRing, ROGUE, SECOND_MS } from './hostile-members.ts';
import { id } from './ids.ts';
import { fileOf } from './ring.ts';
import { RingLiar } from './ring-liar.ts';
import { someBytes } from './transfer-node.ts';

const FILES = 4;
const FILE_BYTES = 500;
const FOUND_MS = 10 * SECOND_MS;
const NOWHERE = 200;
const MEMBERS = [...HONEST, ROGUE].map(id);

let authority: Authority;
beforeAll(async () => {
  authority = await Authority.create(nobleSuite);
});

describe('within ten seconds', () => {
  it.each([
    ['only itself', true],
    ['nobody', false],
  ])('P33: files whose root names %s are fetched from the others', async (_, namesItself) => {
    const ring = await openRing(authority, 16);
    const files = chosenFiles(FILES, FILE_BYTES, MEMBERS, ([root]) => root === id(ROGUE));
    for (const { source } of files)
      await ring.time.result(ring.node('d1').peer.store(source, { isPublic: true }), 30 * SECOND_MS);
    await ring.time.pass(10 * SECOND_MS);
    hideHolders(new RingLiar(ring, ROGUE), namesItself);
    for (const name of HONEST) {
      const { peer } = ring.node(name);
      const fetched = files.map(async ({ fileId }) => (await peer.retrieve(fileId)).blob());
      const blobs = await ring.time.result(Promise.all(fetched), FOUND_MS);
      expect(blobs.map(({ size }) => size)).toEqual(files.map(() => FILE_BYTES));
    }
  });

  it('P24: a name is found whose root names 200 records that are nowhere', async () => {
    const ring = await openRing(authority, 16);
    const { name, key } = await chosenName(MEMBERS, ([root]) => root === id(ROGUE));
    const published: string[] = [];
    for (const storer of HONEST.slice(0, FILES)) {
      const file = fileOf(name, someBytes(FILE_BYTES, published.length + 1));
      const store = ring.node(storer).peer.store(file, { isPublic: true });
      published.push((await ring.time.result(store, 30 * SECOND_MS)).fileId);
    }
    await ring.time.pass(10 * SECOND_MS);
    nameNothing(new RingLiar(ring, ROGUE), key, NOWHERE);
    for (const reader of HONEST) {
      const { files, missing } = await ring.time.result(ring.node(reader).peer.find(name), FOUND_MS);
      expect(files.map(({ fileId }) => fileId).sort()).toEqual([...published].sort());
      expect(missing).toBeGreaterThan(0);
    }
  });
});
