// Every bound at the trust boundary, with its reason. A peer that goes past one sent a malformed frame.
// Bounds are wide of what a correct node ever sends: they limit what a hostile one can make this node allocate.

import type { RingParams } from '../core/pastry/params.ts';

/** First byte of every frame. Nodes of another version are refused at their first frame instead of misunderstood. */
export const PROTOCOL_VERSION = 2;

/** Bytes of a block in one chunk frame: the fastest size for a data channel in measurements (64 to 69 MB/s). */
export const CHUNK_BYTES = 64 * 1024;

/** A message frame's text, bytes. Fits the largest signal in the worst UTF-8; half of Chromium's limit for one send. */
export const MAX_MESSAGE_BYTES = 128 * 1024;

/** A message that a third node carries, sealed, base64url: four characters for each three bytes of 90 KiB. */
export const MAX_SEALED_CHARACTERS = 120 * 1024;

/** A transfer control frame's text, bytes: a name, a transfer id, a digest and an id need about 160. */
export const MAX_CONTROL_BYTES = 256;

/** Signalling data (an offer with its candidates is some 4,000), characters. The Discovery node has the same bound. */
export const MAX_SIGNAL_CHARACTERS = 32 * 1024;

/** Nodes on a route. Routes have O(log N) hops, but a classroom ring with |L| = 2 walks while its tables fill. */
export const MAX_ROUTE_NODES = 128;

/** Nodes in the answer to who is closest to a key; a node names 16. */
export const MAX_CLOSEST = 32;

/** Nodes over which such a question goes; a search takes some four steps. */
export const MAX_VIA = 16;

/** Handles in one list: the largest leaf set that the Discovery node hands out is 128. */
export const MAX_HANDLES = 256;

/** Entries of one routing-table row: one for each column. */
export const MAX_ROW_ENTRIES = 16;

/** Nodes in a row message: the row, and as many of the sender's near nodes. */
export const MAX_ROW_MESSAGE_ENTRIES = 2 * MAX_ROW_ENTRIES;

/** Cells in one request: 64 rows of 16. */
export const MAX_CELLS_ASKED = 1024;

/** Blocks in one offer, or digests in one list: a full list of either still fits MAX_MESSAGE_BYTES. */
export const MAX_BLOCKS = 512;

/** Nodes that hold one block: k is at most 16, and a few more know a diverted or a not yet dropped copy. */
export const MAX_HOLDERS = 64;

/** Receipts in one message: of k holders, which is at most 16. */
export const MAX_RECEIPTS = 16;

/** Orders in one offer, of those who store the same block at the same moment; a node sends 8. */
export const MAX_ORDERS = 16;

/** Leases in one message: a node sends 200. */
export const MAX_LEASES = 256;

/** Ranges of keys in one message, of as many as a node sends: 60 bytes each. */
export const MAX_RANGES = 16;

/** The digest of a range: 64 bits in hex. */
export const SUM_CHARACTERS = 16;

/** Ed25519, base64url. */
export const OWNER_CHARACTERS = 43;
export const SIGNATURE_CHARACTERS = 86;

/** Nonces, and what receipts are for: 128 random bits. */
export const NONCE_CHARACTERS = 32;

/** A device id: 22 characters are 128 bits in base64. */
export const MAX_DEVICE_CHARACTERS = 64;

/** A routed message's id: 128 random bits in hex. */
export const REQUEST_ID_CHARACTERS = 32;

/** Components of a network coordinate, milliseconds. No round trip on Earth comes near; keeps arithmetic finite. */
export const MAX_COORDINATE_MS = 1_000_000;

/** A manifest, bytes: names some 15,000 segments, which is a file of 60 GB at 4 MiB a segment. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;

/** The largest block of a ring, bytes: a segment or a manifest. */
export function maxBlockBytes(params: Pick<RingParams, 'segmentBytes'>): number {
  return Math.max(params.segmentBytes, MAX_MANIFEST_BYTES);
}
