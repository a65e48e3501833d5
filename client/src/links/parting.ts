// The link's own words on its channel: why it closes, sent ahead of the close, which itself says nothing. Frames are binary
// messages; beside these words there are only those of presence.ts.

import type { LinkCloseReason } from '../peer/ports.ts';

const REASONS: readonly LinkCloseReason[] = ['goodbye', 'budget', 'misbehaved'];
const PREFIX = 'close ';

export function partingText(reason: LinkCloseReason): string {
  return PREFIX + reason;
}

/** Undefined for any other text. */
export function partingReason(text: string): LinkCloseReason | undefined {
  return REASONS.find((reason) => text === partingText(reason));
}
