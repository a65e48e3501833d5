// The link's own words on its channel: why it closes, sent ahead of the close, which itself says nothing. Frames are binary
// messages; this is the only text there is.

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
