// What a confirmation round costs three nodes that all hold the same blocks: messages of repair, and their bytes on the wire.

import { createHash } from 'node:crypto';
import type { BlockRef } from '../../src/core/past/block.ts';
import { placedBlock } from '../../src/core/past/block.ts';
import type { Lease } from '../../src/core/past/lease.ts';
import { ROUND_MS } from '../../src/core/past/repair.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { messageSchema } from '../../src/wire/schema.ts';
import type { FakeNode } from './fake-node.ts';
import { World } from './world.ts';

const NAMES = ['4', '5', '6'] as const;
const REPAIR: ReadonlySet<string> = new Set(['offer', 'holding', 'refuse', 'ranges', 'ranges-differ']);
/** Each fifth round asks after what is confirmed. */
const ROUNDS = 5;

export interface Cost {
  readonly messages: number;
  /** As text, without the frame around it. */
  readonly bytes: number;
  /** Blocks in offers, each time that they were offered. */
  readonly offered: number;
}

/** Of all three nodes together in one confirmation round; with `differing` blocks that one node lost without a word. */
export function confirmationCost(blocks: number, differing = 0): Cost {
  const world = new World({ digits: DEFAULT_RING_PARAMS.digits });
  const stored = Array.from({ length: blocks }, (_, number) => blockOf(number));
  for (const name of NAMES) world.join(name, diskWith(world, stored));
  world.run((ROUNDS - 1 / 2) * ROUND_MS);
  const nodes = [...world.nodes.values()];
  world.loses = (_, { type }) => type === 'lost';
  for (const { digest } of stored.slice(0, differing)) {
    nodes[0]?.disk.delete(digest);
    nodes[0]?.past.handle({ type: 'block-lost', digest });
  }
  world.run(ROUND_MS / 4);
  world.loses = () => false;
  for (const node of nodes) node.sent.length = 0;
  world.run((3 / 4) * ROUND_MS);
  if (nodes.some(({ disk }) => disk.size !== blocks)) throw new Error('a copy is still missing');
  return costOf(nodes);
}

function costOf(nodes: readonly FakeNode[]): Cost {
  const schema = messageSchema(DEFAULT_RING_PARAMS);
  const messages = nodes
    .flatMap(({ sent }) => sent.map(({ message }) => message))
    .filter(({ type }) => REPAIR.has(type));
  let bytes = 0;
  let offered = 0;
  for (const message of messages) {
    bytes += JSON.stringify(schema.encode(message)).length;
    if (message.type === 'offer') offered += message.blocks.length;
  }
  return { messages: messages.length, bytes, offered };
}

function blockOf(number: number): BlockRef {
  const digest = createHash('sha256').update(`block ${number}`).digest('hex');
  return placedBlock(digest, 4 * 1024 * 1024, DEFAULT_RING_PARAMS.digits, 0);
}

function diskWith(world: World, blocks: readonly BlockRef[]) {
  const disk: FakeNode['disk'] = new Map();
  const leases: FakeNode['leases'] = new Map();
  for (const block of blocks) {
    disk.set(block.digest, { block, isCorrupt: false });
    leases.set(block.digest, { block, leases: [leaseOf(world, block)] });
  }
  return { disk, leases };
}

/** As long as a real one. */
function leaseOf(world: World, block: BlockRef): Lease {
  return world.lease(block.digest.slice(0, 43), block, { serial: 1_800_000_000_000, signature: 's'.repeat(86) });
}
