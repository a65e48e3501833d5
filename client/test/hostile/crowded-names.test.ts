// A member that crowds a public name: others can still publish under it, and who looks it up gets what there is.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closestId } from '../../src/core/pastry/id.ts';
import { nameKey } from '../../src/peer/name-key.ts';
import { sha256 } from '../../src/peer/sha256.ts';
import { crowdName, nameNothing } from './crowded-names.ts';
import { HostileRing, inRing } from './hostile-ring.ts';

const HONEST = 5;
/** As many as a name could have in all. */
const RECORDS = 64;
const LIMIT_MS = 180_000;

describe.concurrent('a member that crowds a name', () => {
  it(
    'by 64 records: others publish under it and are found, and it has a few places only',
    async () => {
      await inRing(() => HostileRing.start(HONEST), expectRoomForOthers);
    },
    LIMIT_MS,
  );

  it(
    'by naming records that are nowhere: what there is is found all the same',
    async () => {
      await inRing(() => HostileRing.start(HONEST), expectFoundAmongNothing);
    },
    LIMIT_MS,
  );
});

async function expectRoomForOthers(ring: HostileRing): Promise<void> {
  const taken = await crowdName(ring.hostile, 'plan.txt', RECORDS);
  expect(taken).toBeLessThan(RECORDS);
  const published = await publishAll(ring, 'plan.txt');
  for (const peer of ring.honest) {
    const { files } = await peer.find('plan.txt');
    expect(files.map(({ fileId }) => fileId)).toEqual(expect.arrayContaining([...published]));
  }
}

async function expectFoundAmongNothing(ring: HostileRing): Promise<void> {
  const name = await nameAt(ring);
  const published = await publishAll(ring, name);
  nameNothing(ring.hostile, await nameKey(name, ring.hostile.nodeId.length, sha256));
  for (const peer of ring.honest) {
    const { files, missing } = await peer.find(name);
    expect(files.map(({ fileId }) => fileId).sort()).toEqual([...published].sort());
    expect(missing).toBeGreaterThan(0);
  }
}

/** Each honest peer publishes a file of its own under the name. */
async function publishAll(ring: HostileRing, name: string): Promise<readonly string[]> {
  const fileIds: string[] = [];
  for (const peer of ring.honest) {
    const { fileId } = await peer.store(new File([randomBytes(100)], name), { isPublic: true });
    fileIds.push(fileId);
  }
  return fileIds;
}

/** A name whose records the hostile peer is the root of. */
async function nameAt({ hostile, members }: HostileRing): Promise<string> {
  for (let number = 0; ; number += 1) {
    const name = `name ${number}`;
    if (closestId(await nameKey(name, hostile.nodeId.length, sha256), members) === hostile.nodeId) return name;
  }
}
