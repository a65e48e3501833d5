// Who is measured, as they are called in tables and in the page's address (page/main.ts).

/** What all are compared with. */
export const BASELINE = 'raw';
export const OURS = 'ours';
/** Heavier, or further off: in fewer rounds. */
export const OTHERS = ['simple-peer send', 'simple-peer write', 'PeerJS raw', 'PeerJS default', 'WebTorrent'] as const;
export const CONTENDERS: readonly string[] = [BASELINE, OURS, ...OTHERS];
