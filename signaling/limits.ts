// Every bound of the Discovery node, with its reason. A stranger may send anything at any speed.

import type { Rate } from '../client/src/core/token-bucket.ts';
import { MAX_SIGNAL_CHARACTERS } from './protocol.ts';

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
export const REQUEST_RATE: Rate = { burst: 512, perSecond: 64 };

/** What each tab may ask for whatever the others of its address do: a join, and now and then a sponsor. */
export const OWN_REQUEST_RATE: Rate = { burst: 64, perSecond: 1 };

/**
 * Requests of one address beyond its tabs' own: a class that opens 400 tabs in five minutes makes some 20 a second, 1,024 tabs
 * that come back to a restarted Discovery node 4,000 in ten seconds. A thousand a second cost a twentieth of a processor.
 */
export const ADDRESS_REQUEST_RATE: Rate = { burst: 16_384, perSecond: 1_024 };

/** Connections begun by one address: its 1,024 tabs twice, as after a network fault and a restart, then ten commands a second. */
export const CONNECTION_RATE: Rate = { burst: 4_096, perSecond: 20 };

/**
 * Signatures that one address may have checked, two or so for each registration and renewal, 0.2 ms each: all its 1,024 tabs
 * come back at once, twice; then ten commands a second, for less than a hundredth of a processor.
 */
export const PROOF_RATE: Rate = { burst: 2_048, perSecond: 20 };

/**
 * Wrong proofs of a closed ring's secret, of one address: a class of 40 behind it that mistypes, then one each five seconds,
 * with which eight characters of chance are found in a million years.
 */
export const ENTRY_RATE: Rate = { burst: 60, perSecond: 0.2 };

/** Refused requests of one tab before it is cut off: more than a tab with a bug in a retry sends, and little to bear. */
export const REFUSAL_RATE: Rate = { burst: 200, perSecond: 1 };

/** Registered tabs of one address, by default: a school behind one router. */
export const DEFAULT_MAX_PEERS_PER_ADDRESS = 1_024;

/** Sockets for each allowed tab of an address: after a network fault old sockets linger beside the new ones. */
export const SOCKETS_PER_PEER = 2;

/** Registered tabs in all: about 1 KB each here and a socket each; more wants several processes. */
export const MAX_PEERS = 10_000;

/** Commands that are connected at once, of one address and in all: each is over in seconds. */
export const MAX_CLIENTS_PER_ADDRESS = 256;
export const MAX_CLIENTS = 2_048;

/**
 * New identities that one address may bring at once, by default: 40 people open ten tabs each, and each of these tabs again
 * three times without its storage (a private window). Who comes back with a key of its own is none of them.
 */
export const DEFAULT_ADMISSIONS_PER_ADDRESS = 1_600;

/** The part of these admissions that comes again in each hour: few, because ids can be collected until one is near a key. */
export const ADMISSIONS_REGAINED_PER_HOUR = 1 / 8;

/** Commands of one address: 1,000 `tabring store` in a row, three times, and as many again in each hour. They get into no table. */
export const CLIENT_ADMISSION_RATE: Rate = { burst: 3_000, perSecond: 3_000 / 3_600 };

/** Addresses whose budgets are remembered, about 0.5 KB each; the one that was quiet longest is forgotten first. */
export const MAX_ADDRESSES = 20_000;

/** Ids that are remembered with their keys, about 0.2 KB each: twice the tabs that can be here. */
export const MAX_RECORDS = 2 * MAX_PEERS;

/** How long a certificate runs, by default: a ring lives a week without its Discovery node, and an identity that is given up as long. */
export const DEFAULT_CERTIFICATE_SECONDS = 7 * 24 * 60 * 60;

/** How long a certificate of a command runs at most, seconds: it is renewed in a longer one. */
export const CLIENT_CERTIFICATE_SECONDS = 24 * 60 * 60;

/**
 * How long nobody gets an id by wish after a start with an old key and no records, milliseconds: by then all who are in the
 * ring have come back and shown their certificates. Timers of tabs in the background may fire once a minute only.
 */
export const RETURN_MS = 3 * 60_000;

/** A removed tab goes by itself, after it has handed its blocks over; later its connection is closed, milliseconds. */
export const REMOVAL_GRACE_MS = 60_000;

/** Peers whose signals to a node await its answer, remembered to see that it answers. */
export const MAX_CALLERS = 16;

/**
 * --relay, bytes. Each pair of tabs: a quarter of a file's segment at once, then half a megabyte a second, as a line behind which
 * no path is found has at best for sending; of which it may use 512 MB, and then a fifth of that: enough for all words of the ring.
 */
export const RELAY_PAIR_RATE: Rate = { burst: 1_048_576, perSecond: 524_288 };
export const RELAY_PAIR_VOLUME: Rate = { burst: 536_870_912, perSecond: 104_858 };

/** All pairs together, by default: two megabytes a second, and after an hour of that one: 86 GB a day, in and out. */
export const DEFAULT_RELAY_MEGABYTES_PER_SECOND = 2;
export const RELAY_VOLUME_SECONDS = 3_600;

/** So many pairs that each can have this of the rate of all: then a window takes four seconds, and its acknowledgement is in time. */
export const RELAY_BYTES_PER_PAIR_SECOND = 16_384;

/** Pairs that tabs of one address have begun: it takes several to fill all places. Four tabs behind a strict router, each with a leaf set of 16. */
export const MAX_RELAYED_PAIRS_PER_ADDRESS = 64;

/** Frames of one tab, whatever becomes of them: as many of all tabs as an address may make requests for, which cost a twentieth of a processor. */
export const FRAME_RATE: Rate = { burst: 4_096, perSecond: 1_024 };

/** A pair's budgets are full again in ten seconds, but for volume, which who waits so long gets anew, milliseconds. */
export const RELAY_PAIR_IDLE_MS = 10 * 60_000;

/** How long a tab may take to acknowledge what it is handed, milliseconds: less than its sender waits for that. */
export const FRAME_RECEIVED_MS = 5_000;
