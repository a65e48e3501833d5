// What stands round all places, in English.

import type { LinkFailure } from '../../../../peer/ports.ts';
import { count } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

const tabs = (number: number): string => count(number, { one: '# tab', other: '# tabs' });

export const FRAME = {
  places: { share: 'Share', open: 'Open', ring: 'Ring', console: 'Console' },
  placesLabel: 'Places',
  notIn: 'Not in the ring',
  closed: 'This ring is closed',
  joining: 'Joining…',
  notYetIn: 'Not in the ring yet, still trying',
  noWayIn: 'No way into the ring so far, still trying',
  left: 'Left the ring',
  alone: 'Alone so far: open this page on another device',
  /** Of a ring that is seen in part. */
  inRingOfSome: (number: number) => `In the ring: at least ${tabs(number)}`,
  inRing: (number: number) => `In the ring: ${tabs(number)}`,
  inRingOn: (number: number, devices: number) =>
    `In the ring: ${tabs(number)} on ${count(devices, { one: '# device', other: '# devices' })}`,
  /** `message`: what the peer says itself, in English. */
  linkFailure: (_: LinkFailure['stage'], message: string) => message,
  storing: 'Do not close yet: files are on their way',
  startingJoin: 'Joining the ring…',
  startingOpen: 'Looking for the others who have the file…',
  placeLoading: 'One moment…',
  placeMissing: 'This cannot be shown yet: it could not be loaded. Trying again…',
};

export type FrameWords = typeof FRAME;
export const frameWords = wordsOf('frame', FRAME);
