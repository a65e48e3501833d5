// Crowds a public name: publishes records under it without end, and names records that are nowhere to those who look for it.

import { randomBytes } from 'node:crypto';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { Key } from '../../src/core/pastry/id.ts';
import type { HostilePeer } from './hostile-peer.ts';
import type { Liar } from './liar.ts';

/** As many as a node may keep at a key: more of one node count for nothing. */
const RECORDS_NAMED = 64;
const RECORD_BYTES = 300;
/** Stores under way at once. */
const AT_ONCE = 8;

/** Publishes so many files under one name, each another; returns how many were taken. */
export async function crowdName(hostile: HostilePeer, name: string, records: number): Promise<number> {
  let taken = 0;
  for (let done = 0; done < records; done += AT_ONCE) {
    const stores = Array.from({ length: AT_ONCE }, () =>
      hostile.peer.store(new File([randomBytes(100)], name), { isPublic: true }),
    );
    for (const { status } of await Promise.allSettled(stores)) if (status === 'fulfilled') taken += 1;
  }
  return taken;
}

/** Whoever asks it for the records at `key` is told of so many, other ones each time; nobody has them. */
export function nameNothing(liar: Liar, key: Key, records = RECORDS_NAMED): void {
  liar.behave({
    hear: (input) => {
      if (input.type !== 'message' || input.message.type !== 'records?' || input.message.key !== key) return [input];
      const blocks = Array.from({ length: records }, () => inventedRecord(key));
      liar.say(input.from, { type: 'records', key, blocks, members: [liar.nodeId] });
      return [];
    },
  });
}

/** Its digest does not begin with its key, or it could be no record. */
function inventedRecord(key: Key): BlockRef {
  const digest = randomBytes(32).toString('hex');
  return digest.startsWith(key.slice(0, 1)) ? inventedRecord(key) : { key, digest, size: RECORD_BYTES };
}
