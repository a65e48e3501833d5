// Every bound of the driver, with its reason. What a frame may hold is bounded in wire/limits.ts.

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
/** Links that wait for room, and how long: as long as the core waits for a link. Those that come last are refused. */
export const MAX_WAITING_DIALS = 256;
export const WAITING_DIAL_MS = 15_000;
/** After a failure a node is dialled again no sooner than this; doubled with each failure up to the most. */
export const MIN_REDIAL_MS = 500;
export const MAX_REDIAL_MS = 60_000;
/** After a failure blocks go through the ring for so long: longer than the core waits before it tries the link again. */
export const CUT_OFF_MS = 120_000;
/** Failed attempts at links that inspect() tells of, the latest of each peer. */
export const MAX_TOLD_FAILURES = 16;

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
/** A pull without a chunk for this long is given up, and the core asks another holder. */
export const PULL_TIMEOUT_MS = 10_000;
/** The same until the first chunk of a block that another node brings: it may have to bring others first. The core gives
 * any pull up after two minutes. */
export const BRING_TIMEOUT_MS = 45_000;
/** Blocks brought at once for nodes that no link joins: each is held in memory, and the links serve this node too. */
export const MAX_BROUGHT = 4;
/** Chunks on their way when a pull was stopped: what the sender's buffers hold at most (64 KiB more than its high water). */
export const LATE_CHUNK_BYTES = 1024 * 1024;
/** Stopped pulls whose late chunks are forgiven. */
export const MAX_REMEMBERED_PULLS = 256;

/** Blocks in memory for being sent, to all peers. */
export const MAX_OUTGOING = 8;
/** Pulls of one peer waiting here: what a correct peer asks for at once (MAX_INCOMING), twice. */
export const MAX_WAITING_PULLS = 16;
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
/** Segments fetched at once for one file, mostly from different holders: one slow holder does not set the pace. */
export const RETRIEVE_PARALLEL = 4;

/** Files up to this size ride inside their manifest, which saves a round of placing and fetching. */
export const MAX_INLINE_BYTES = 64 * 1024;
/** UTF-16 code units in a file's name; file systems allow 255. */
export const MAX_NAME_CHARACTERS = 1_024;
/** Characters in a MIME type; RFC 6838 allows 127 on each side of the slash. */
export const MAX_TYPE_CHARACTERS = 255;

/** How long a request waits for this node to become active. A join takes a second or two; a redial of a dead sponsor 15. */
export const ACTIVE_TIMEOUT_MS = 30_000;
/** How long leave() waits for the core to hand off and say goodbye: a little more than the core itself takes (20 s). */
export const LEAVE_TIMEOUT_MS = 25_000;
