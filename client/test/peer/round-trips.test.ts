// What a small file costs in round trips, counted where nothing else takes time: docs/performance.md, "Waiting".

import { expect, test } from 'vitest';
import { fileOf, TestRing } from './ring.ts';
import { someBytes } from './transfer-node.ts';

const NAMES = ['05', '1e', '37', '50', '69', '82', '9b', 'b4', 'cd', 'e6'];
const LATENCY_MS = 50;
/** To the root and back; an offer, its pull, the bytes and the word that they are kept, and the same from the root to a second node. */
const STORE = 5;
/** Who has it; the bytes. */
const RETRIEVE = 2;
const MINUTE_MS = 60_000;

test('a file of 1 KB in a ring of ten: at most five round trips until it is stored, two until it is there', async () => {
  const ring = new TestRing();
  await ring.open(...NAMES);
  await ring.time.pass(MINUTE_MS);
  ring.network.latencyMs = LATENCY_MS;
  await ring.time.pass(MINUTE_MS);
  const trips = { store: 0, retrieve: 0 };
  const counted = async <T>(kind: keyof typeof trips, work: Promise<T>): Promise<T> => {
    const startedAt = ring.time.now;
    const result = await ring.time.result(work, MINUTE_MS);
    trips[kind] = Math.max(trips[kind], (ring.time.now - startedAt) / (2 * LATENCY_MS));
    return result;
  };
  for (const [index, name] of NAMES.entries()) {
    const file = fileOf(`${index}.txt`, someBytes(1_000, index));
    const { link } = await counted('store', ring.node(name).peer.store(file, { isPublic: false }));
    const reader = NAMES[(index + NAMES.length / 2) % NAMES.length] ?? '';
    await counted('retrieve', ring.node(reader).peer.retrieve(link));
    await ring.time.pass(MINUTE_MS / 6);
  }
  expect(trips).toEqual({ store: STORE, retrieve: RETRIEVE });
});
