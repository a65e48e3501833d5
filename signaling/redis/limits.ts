// Bounds of what several Discovery nodes share, with their reasons.

import { MAX_PEERS, MAX_RECORDS } from '../limits.ts';

/** Between two signs of life of a Discovery node, milliseconds. */
export const BEAT_MS = 2_000;

/** One that gave none for so long is dead: two may be late. Shorter than a tab's way back may take, so that it is not sent to the dead. */
export const LEASE_MS = 3 * BEAT_MS;

/** Discovery nodes whose tabs one Redis is meant for. */
const SERVERS = 10;

/** Registered tabs in all; each Discovery node takes what it takes alone. About 1 KB each in Redis. */
export const MAX_SHARED_PEERS = SERVERS * MAX_PEERS;

/** Ids that are remembered with their keys, 0.2 KB each. */
export const MAX_SHARED_RECORDS = SERVERS * MAX_RECORDS;

/** Signals in the stream that all Discovery nodes read, some 2 KB each: what one that is late by a second or two has still to read. */
export const MAX_STREAM = 4_000;
