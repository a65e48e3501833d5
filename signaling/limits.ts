// Every bound of the Discovery node, with its reason. A stranger may send anything at any speed.

import { MAX_SIGNAL_CHARACTERS } from './protocol.ts';
import type { Rate } from './token-bucket.ts';

/** How often a tab is pinged, milliseconds. */
export const PING_INTERVAL_MS = 4_000;

/** A tab that does not answer a ping for so long is removed: a silent tab is gone within 9 s. Answers need no timer in the tab, so throttled tabs give them too. */
export const PING_TIMEOUT_MS = 5_000;

/** A tab not heard of for one ping and a slow answer may be dead: it is not named as a sponsor while there are others. */
export const FRESH_MS = PING_INTERVAL_MS + 2_000;

/** A tab that asked for a sponsor so recently may still be joining. Longer than one attempt to join takes. */
export const SEEKING_MS = 20_000;

/** Largest packet, bytes: a signal takes up to 3 bytes a character in UTF-8 or as an escaped pair, and an envelope. */
export const MAX_PACKET_BYTES = 4 * MAX_SIGNAL_CHARACTERS;

/** Requests of one tab. A tab that 100 others join through answers each with a few signals, at once. */
export const REQUEST_RATE: Rate = { burst: 512, tokensPerSecond: 64 };

/** Refused requests of one tab before it is cut off: more than a tab with a bug in a retry sends, and little to bear. */
export const REFUSAL_RATE: Rate = { burst: 200, tokensPerSecond: 1 };

/** Registered tabs of one address, by default: a school behind one router. */
export const DEFAULT_MAX_PEERS_PER_ADDRESS = 1_024;

/** Sockets for each allowed tab of an address: after a network fault old sockets linger beside the new ones. */
export const SOCKETS_PER_PEER = 2;

/** Registered tabs in all: about 1 KB each here and a socket each; more wants several processes. */
export const MAX_PEERS = 10_000;

/** A removed tab goes by itself, after it has handed its blocks over; later its connection is closed, milliseconds. */
export const REMOVAL_GRACE_MS = 60_000;
