// Every bound of the driver, with its reason. What a frame may hold is bounded in wire/limits.ts.

import type { Rate } from '../core/token-bucket.ts';

/** Frames that wait for a link to open, for one peer: some routed messages, a probe, a leaf set. */
export const MAX_PENDING_FRAMES = 64;
/** And their bytes: a few messages of the largest size. The oldest are dropped first: their senders have retried since. */
export const MAX_PENDING_BYTES = 512 * 1024;

/** A link without a frame for so long may be closed to make room: longer than any ack takes to come. */
export const IDLE_MS = 1_000;
/** Doing nothing for so long after an alarm was due means that the tab stood still: by then the other ends have given its
 * links up, or soon will. A hidden tab with an open channel wakes each second. */
export const FREEZE_MS = 10_000;
/** Links beside the leaf set that a node may have whatever the budget says: routing needs its table. */
export const SPARE_LINKS = 4;
/** Links above the budget while nodes join through this one or it finds its own leaves; idle ones are closed a second later. */
export const JOIN_LINKS = 32;
/** How long each of them may stay although it is in use. Where links in use were closed at once, nodes opened each other's
 * again and again: of 60, one joining each second, each made 79 connections a minute instead of 37. */
export const JOIN_MS = 4_000;
/** Links that wait for room or time, and how long: less than a message waits for its link before it goes another way (the
 * core's linkTimeoutMs). The oldest of the least needed are dropped. */
export const MAX_WAITING_DIALS = 256;
export const WAITING_DIAL_MS = 10_000;

/** Links that a node sets up at a time, of its own wishes: at first half of what a newcomer opens in all; never fewer than
 * two, so that one dead node does not hold it up; and at most as many as another takes part in (MAX_PENDING_INCOMING, links/). */
export const FIRST_OPENINGS = 16;
export const MIN_OPENINGS = 2;
export const MAX_OPENINGS = 32;
/** By when a link should be open before any was, and at least: a hidden tab answers within a second, its answer takes one more. */
export const FIRST_EXPECTED_MS = 4_000;
export const MIN_EXPECTED_MS = 2_500;
/** When an attempt is given up: ICE gives up after about 15 s by itself; where links take long to open, later, but not after
 * more than the core waits for the verdict (its linkVerdictMs, less the wait above). */
export const MIN_OPENING_MS = 15_000;
export const MAX_OPENING_MS = 45_000;
/** An attempt of whose end nothing was told for so long keeps no place: some timers' patience more than it may take. */
export const MAX_UNTOLD_MS = 120_000;
/** A timer so late means that the machine has too much to do: a hidden tab's comes up to a second late. Remembered for so long. */
export const LATE_TIMER_MS = 1_500;
export const REMEMBERED_LATE_MS = 30_000;
/** Attempts at links to nodes to which the last one failed. Each link that opens pays for one more. */
export const RETRY_RATE: Rate = { burst: 16, perSecond: 0.5 };
/** After a failure a node is dialled again no sooner than this, up to twice as long; doubled with each failure up to the most. */
export const MIN_REDIAL_MS = 500;
export const MAX_REDIAL_MS = 60_000;
/** After a failure blocks go through the ring for so long: longer than the core waits before it tries the link again. */
export const CUT_OFF_MS = 120_000;
/** Failed attempts at links that inspect() tells of, the latest of each peer. */
export const MAX_TOLD_FAILURES = 16;

/** Misdeeds that inspect() tells of, one for each node and kind: some kinds of some dozen nodes. */
export const MAX_TOLD_MISDEEDS = 256;

/** Malformed frames and chunks nobody asked for, in one minute, before a peer's link is closed. A correct peer sends none. */
export const MAX_MISDEEDS = 20;
export const MISDEED_WINDOW_MS = 60_000;
/** Peers whose misdeeds are remembered after their link closed, so that redialling does not clear them. */
export const MAX_REMEMBERED_PEERS = 1_000;

/** Message and control frames of one peer in a window: a hundred a second is busy; ten times that costs 2 % of a core. */
export const MAX_FRAMES = 10_000;
/** And their bytes: the JSON parser reads some 100 MB a second, so this is at most 4 % of a core. */
export const MAX_FRAME_BYTES_IN_WINDOW = 40 * 1024 * 1024;
export const FLOOD_WINDOW_MS = 10_000;

/** Blocks received at once, from all peers: their buffers are this many segments, 32 MiB at 4 MiB each. */
export const MAX_INCOMING = 8;
/** Of these, blocks said to be no larger than this do not count: a few that do not come would hold all others up. */
export const SMALL_PULL_BYTES = 8 * 1024;
/** They have places of their own: their buffers are a quarter of a megabyte. As many as others (MAX_INCOMING) of each holder. */
export const MAX_SMALL_INCOMING = 32;
/** A pull without a chunk for this long is given up, and the core asks another holder. */
export const PULL_TIMEOUT_MS = 10_000;
/**
 * The same until the first word of a holder that others may stand in for: some round trips of a slow network, and less than
 * half of what two dead holders may cost a fetch in all. Where a link must be opened first, it takes somewhat more.
 */
export const SILENT_HOLDER_MS = 1_500;
export const SILENT_OPENING_MS = 2_000;
/** The same until the first chunk of a block that another node brings: it may have to bring others first. The core gives
 * any pull up after two minutes. */
export const BRING_TIMEOUT_MS = 45_000;
/** Blocks brought at once for nodes that no link joins: each is held in memory, and the links serve this node too. */
export const MAX_BROUGHT = 4;
/** Of these, for one node: two neighbours that need this one do not wait for each other. */
export const MAX_BROUGHT_FOR_PEER = 2;
/** Of these, for all nodes together that are neither leaves of this one nor have it carry their messages. */
export const MAX_BROUGHT_FOR_STRANGERS = 1;
/** Chunks on their way when a pull was stopped: what the sender's buffers hold at most (64 KiB more than its high water). */
export const LATE_CHUNK_BYTES = 1024 * 1024;
/** Stopped pulls whose late chunks are forgiven. */
export const MAX_REMEMBERED_PULLS = 256;

/** Blocks in memory for being sent, to all peers. */
export const MAX_OUTGOING = 8;
/** Pulls of one peer waiting here: what a correct peer asks for at once (MAX_INCOMING), twice. */
export const MAX_WAITING_PULLS = 16;
/**
 * Pulls of one peer that end without its having taken the block: it stopped, or the block is not here. Each may cost a read of
 * 4 MiB and costs the asker 60 bytes. Finding a name asks for some hundred that may not be here.
 */
export const PULLS_IN_VAIN: Rate = { burst: 512, perSecond: 16 };
/** A link that has taken no chunk for this long carries at most 512 KB a second: its blocks make room for others', at the
 * price of reading them again. */
export const SLOW_LINK_MS = 250;
/** A peer that takes no chunk for this long loses its transfers: they hold memory. */
export const PUSH_TIMEOUT_MS = 30_000;
/** A link is filled while it holds at most this much: mostly two chunks for each call to go on. With one, each cost a wake-up
 * (7.7 seconds of CPU for 100 MB, not 7.1); with more, probes over a slow link wait longer. Not below LOW_WATER_BYTES (links/),
 * or the call to go on would come too soon and never again. */
export const REFILL_BYTES = 96 * 1024;

/** Segments on their way into the ring at once for one file: one is hashed while others travel. */
export const STORE_PARALLEL = 3;
/** What a block of an unfinished store is kept for: a segment that takes longer fails (the core's STORE_LIMIT_MS). */
export const UNFINISHED_LEASE_MS = 10 * 60_000;
/** Blocks of one file whose leases are renewed at once: each costs a lookup and a message to k nodes. */
export const LEASE_PARALLEL = 8;
/** How often the holders of a block that was just stored are asked to confirm for how long, and after how long again. */
export const CONFIRM_ATTEMPTS = 3;
export const CONFIRM_PAUSE_MS = 3_000;
/** How often it is looked whether a lease is to be renewed, or a deletion to be finished. */
export const LEASE_LOOK_MS = 60_000;
/** A renewal that not all holders confirmed is tried again after so long, at most as often as looks are made. */
export const LEASE_RETRY_MS = 10 * 60_000;

/** Segments fetched at once for one file, mostly from different holders: one slow holder does not set the pace. */
export const RETRIEVE_PARALLEL = 4;

/** Records of a name fetched at once: each is small, and those that are nowhere must not hold the others up. */
export const FIND_PARALLEL = 32;
/** For one record: its holders have just been asked what they hold, and answer in a moment. */
export const FIND_RECORD_MS = 3_000;
/** For all of them together: enough for those of one full list if most are nowhere, and who looks a name up waits no longer. */
export const FIND_RECORDS_MS = 8_000;
/** Clocks of honest machines differ by seconds if the network sets them, by some minutes if people do. */
export const MAX_CLOCK_AHEAD_MS = 10 * 60_000;

/** Files up to this size ride inside their manifest, which saves a round of placing and fetching. */
export const MAX_INLINE_BYTES = 64 * 1024;
/** UTF-16 code units in a file's name; file systems allow 255. */
export const MAX_NAME_CHARACTERS = 1_024;
/** Characters in a MIME type; RFC 6838 allows 127 on each side of the slash. */
export const MAX_TYPE_CHARACTERS = 255;

/** How long a request waits for this node to become active. A join takes a second or two; a redial of a dead sponsor 15. */
export const ACTIVE_TIMEOUT_MS = 30_000;
/** How often the disk is asked whether it is what it was. */
export const DISK_CHECK_MS = 5_000;
/** It answers in milliseconds; a sleeping disk, or a browser that writes much, takes some seconds. */
export const DISK_SILENCE_MS = 10_000;
/** Checks that fail in a row before nothing on it counts: a database may be closed behind the page's back, and opened again. */
export const MAX_DISK_FAILURES = 3;
/** Read and checked after each check, or one block: a gigabyte in 21 minutes, for a tenth of a second of CPU a minute. */
export const SCRUB_BYTES = 4 * 1024 * 1024;
/** How long it may take to count a file's copies: some blocks are far, and some of their holders silent. */
export const COUNT_LIMIT_MS = 20_000;
/** How long leave() waits for the core to hand off and say goodbye: a little more than the core itself takes (20 s). */
export const LEAVE_TIMEOUT_MS = 25_000;
