// Bounds of links over the Discovery node, with their reasons, beside limits.ts: they are not needed where nobody relays.

/** How long two ends that found no path try to meet over the Discovery node: their own attempts end within some seconds of each
 * other. And how long if one lately did: then the other is ready at once. */
export const SERVER_OPEN_MS = 12_000;
export const SERVER_REOPEN_MS = 5_000;
/** How often an end says its opening word until it is heard: the other may still look for a path. */
export const SERVER_AGAIN_MS = 1_000;
/** So long nobody looks for a path again where none was: then a network may have changed. The other end remembers for longer. */
export const NO_PATH_MS = 5 * 60_000;
export const NO_PATH_REMEMBERED_MS = 10 * 60_000;
/** Nodes to which no path was found: leaf sets and tables of a node behind the strictest router. */
export const MAX_NO_PATHS = 256;
