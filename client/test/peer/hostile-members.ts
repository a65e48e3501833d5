// A ring under virtual time with real keys and one member that lies, and what is looked at in it.

import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';
import type { Authority } from '../trust/authority.ts';
import { DIGITS, id } from './ids.ts';
import type { MemoryLinks } from './memory-links.ts';
import { TestRing } from './ring.ts';

export const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 4 * 1024 * 1024 });
export const ROGUE = '66';
/** Three of them share the rogue's first digit, so that questions for them go by the rogue. */
export const HONEST = ['0a', '1b', '2c', '60', '62', '64', '7e', '9f', 'b0', 'd1', 'e4'];
export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;

export async function openRing(authority: Authority, leafSetSize: number): Promise<TestRing> {
  const ring = new TestRing({ leafSetSize, segmentBytes: 100_000 });
  ring.authority = authority;
  await ring.open(...HONEST, ROGUE);
  await ring.time.pass(20 * SECOND_MS);
  return ring;
}

export function rogueLinks(ring: TestRing): MemoryLinks {
  const links = ring.network.find(id(ROGUE));
  if (links === undefined) throw new Error('no rogue');
  return links;
}

/** Sends what it likes from the rogue's end of a link. */
export function send(ring: TestRing, to: NodeId, message: Message): void {
  rogueLinks(ring).send(to, codec.encodeMessage(message));
}

export function counted(ring: TestRing, name: string): number {
  return HONEST.reduce((sum, honest) => sum + (ring.node(honest).peer.counters[name] ?? 0), 0);
}

/** Ids in any table of an honest node's that nobody has. */
export function strangers(ring: TestRing): readonly NodeId[] {
  const members = new Set([...ring.nodes.values()].map(({ peer }) => peer.nodeId));
  return HONEST.flatMap((name) => {
    const { leafSet, routingTable, neighborhoodSet } = ring.node(name).peer.inspect();
    const entries = routingTable.map(({ nodeId }) => nodeId);
    return [...leafSet.cw, ...leafSet.ccw, ...neighborhoodSet, ...entries].filter((nodeId) => !members.has(nodeId));
  });
}

/** Honest nodes that hold each of the blocks which any of them holds, by digest. */
export function holdersByDigest(ring: TestRing): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const name of HONEST) {
    for (const { digest } of ring.node(name).peer.listFiles().held)
      holders.set(digest, [...(holders.get(digest) ?? []), name]);
  }
  return holders;
}
