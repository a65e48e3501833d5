// Every bound of the link layer, with its reason. Sizes in bytes and times in milliseconds unless the name says otherwise.

import type { Rate } from '../core/token-bucket.ts';

/** At this much in the channel's buffer it is refilled. A little more than a whole chunk frame: else the last but one must be
 * on the network before the next is handed over, and the channel runs dry. With more, probes wait longer. */
export const LOW_WATER_BYTES = 65 * 1024;
/** Above this much no more is handed to the channel: with 8 MiB the throughput was half; up to 192 KiB it made no difference. */
export const HIGH_WATER_BYTES = 128 * 1024;
/** Chromium sends no larger message. */
export const MAX_FRAME_BYTES = 256 * 1024;
/** What one slow link may make this tab hold in memory before it is given up. */
export const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

/** From the wish for a link to its failure, unless all take longer here (peer/opening-time.ts). ICE itself gives up after
 * about 15 s. An offer or a call that has waited here longer is nobody's any more. */
export const CONNECT_TIMEOUT_MS = 15_000;
/** How long ICE may stay `disconnected` before the link counts as lost: a change of network heals within seconds, or not at all. */
export const DISCONNECTED_GRACE_MS = 5_000;
/** How long a close waits for queued frames and the close message to arrive before it cuts the channel. */
export const CLOSE_TIMEOUT_MS = 2_000;

/** How long the other end may take to say that it is there, once asked: a hidden tab answers at once, since messages are not
 * throttled; below the three seconds after which the core asks for the last time, so that this goes over a new link. */
export const CHECK_TIMEOUT_MS = 2_500;
/** A timer so late (a hidden tab's comes up to a second late) means that this machine has more to do than it can, as after a
 * sleep of many tabs: the answer is waited for once more, so many times. */
export const BUSY_MS = 1_500;
export const MAX_BUSY_CHECKS = 4;
/** The same of an attempt at a link: what came for it is read within this time. */
export const CONNECT_AGAIN_MS = 2_500;
/** Frames that come within this time of a question may have waited here while the tab slept. */
export const STALE_MS = 500;
/** A correct peer does not ask again so soon: it waits for the answer, or for a network to change. */
export const MIN_ASKED_MS = 100;

/** A description waits at most so long for the first candidates, to be signed, carried and checked together with them: the
 * machine's own addresses are all found within some milliseconds, and where no server is asked it is known when they are. */
export const FIRST_CANDIDATES_MS = 10;
/** Later ones wait so long: those that STUN and TURN servers tell come in one message instead of about five, and those that
 * Node tells after the answer alone (node-webrtc.ts) in none where the link opens without them. */
export const CANDIDATE_BATCH_MS = 50;
/** Candidates in one signal, the latest: a machine has a handful of addresses; keeps a signal below the relay's limit. */
export const MAX_SIGNAL_CANDIDATES = 32;
/** Candidates taken from the other side for one attempt, so that it cannot make ICE probe addresses without end. */
export const MAX_ATTEMPT_CANDIDATES = 128;
/** A description with one data channel is below 3,000 characters in all browsers. */
export const MAX_SDP_CHARACTERS = 16_384;
/** A candidate line is about 100 characters; with IPv6, mDNS names and extensions below 300. */
export const MAX_CANDIDATE_CHARACTERS = 512;

/** Others' attempts, offers and calls, taken up at one time: each costs a connection, of which a tab can create 500. */
export const MAX_PENDING_INCOMING = 32;
/** And of one node: one that lost its links opens a few at once; two whose budgets are full open theirs anew each second or
 * two. So it takes twenty hostile ones together to make connections faster than a browser frees them (connection-ledger.ts). */
export const ATTEMPT_RATE: Rate = { burst: 32, perSecond: 2 };
/** Nodes whose attempts are counted. Each must have a certificate, so they are not easily exchanged for others. */
export const MAX_REMEMBERED_SENDERS = 1_024;
/** Attempts remembered so that a repeated or late offer is not answered a second time. */
export const MAX_REMEMBERED_ATTEMPTS = 512;

/** Signals whose signatures are checked, of each way that they come: a link takes about three, and through one node a hundred
 * others may join at once. A check takes 0.2 to 0.4 ms, so this is at most 3 % of a core; on a page that came by plain http, where
 * it takes ten times as long, a quarter. The ways are counted apart, so that a flood on one leaves the other. */
export const CHECK_RATE: Rate = { burst: 512, perSecond: 64 };
/** Signals remembered as checked, and as signed: each is repeated up to four times within a quarter of a minute. */
export const MAX_REMEMBERED_SIGNALS = 64;
/** So long after a Discovery node has come back others' certificates may still be those of before: a tab tries again within half a minute. */
export const RENEWAL_GRACE_MS = 5 * 60_000;
/** Nodes remembered to exist: what is in the tables of a node in a ring of a million, twice. */
export const MAX_KNOWN_CERTIFICATES = 1_024;

/** Without a word from the other end for this long, an offer sent through the ring goes over the Discovery node's relay.
 * A route takes well below a second; a hidden tab answers within one; a hop that was lost is repeated in between. */
export const RING_ANSWER_MS = 3_000;
/** Before an offer to a node that the ring did not know goes through it once more: tables are repaired in between. */
export const RING_AGAIN_MS = 1_500;
/** How often an offer goes through the ring: with the waits between, as long as an attempt lasts. */
export const MAX_RING_TRIES = 4;
/** Before a signal that neither the ring nor the Discovery node would take is tried once more, and how often: a tab that wakes
 * or changes its network is registered again within some two seconds. */
export const AWAY_AGAIN_MS = 1_000;
export const MAX_AWAY_TRIES = 5;

/** An offer repeated so long after its answer was sent means that the answer was lost, and a call that the offer was. Later
 * candidates come sooner. */
export const ANSWER_LOST_MS = 2_000;

/** How old a round trip on the network may be when somebody looks at the links. */
export const STATS_MAX_AGE_MS = 2_000;
