// Why an open link closed, in words for people.

import type { LinkCloseReason } from './ports.ts';

export const DOWN_TEXTS: Readonly<Record<LinkCloseReason | 'lost', string>> = {
  goodbye: 'the other tab leaves the ring',
  budget: 'the other tab needs its links for others',
  misbehaved: 'the other tab blames this one for malformed messages',
  lost: 'the connection was lost: the other tab may be closed or asleep, or a network has changed',
};
