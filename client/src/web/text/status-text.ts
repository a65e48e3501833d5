// How a tab stands in the ring, in words; while it cannot get in, why, and what would help.

import type { PeerInspection } from '../../peer/api.ts';
import { frameWords } from './words/en/frame.ts';

type Standing = Pick<PeerInspection, 'nodeId' | 'status' | 'links' | 'linkFailures' | 'leafSet' | 'devices'>;

/** Without a full stop. */
export function statusText(standing: Standing): string {
  const words = frameWords();
  switch (standing.status) {
    case 'joining':
      return obstacleText(standing) === undefined ? words.joining : words.noWayIn;
    case 'active':
      return activeText(standing);
    case 'left':
      return words.left;
  }
}

/** Why it does not get in, and what would help; undefined while nothing is known against it. */
export function obstacleText({ status, links, linkFailures: [last] }: Standing): string | undefined {
  const isLinked = links.some((link) => link.state === 'open');
  return status === 'joining' && !isLinked && last ? frameWords().linkFailure(last.stage, last.message) : undefined;
}

/** True in the ring without anybody else. */
export function isAlone({ status, leafSet }: Pick<Standing, 'status' | 'leafSet'>): boolean {
  return status === 'active' && leafSet.cw.length + leafSet.ccw.length === 0;
}

function activeText(standing: Standing): string {
  const words = frameWords();
  const { nodeId, leafSet, devices } = standing;
  if (isAlone(standing)) return words.alone;
  const { cw, ccw } = leafSet;
  const near = [...new Set([nodeId, ...cw, ...ccw])];
  // Where the two halves of the leaf set meet, it is the whole ring; else there may be more.
  if (!cw.some((other) => ccw.includes(other))) return words.inRingOfSome(near.length);
  const known = near.flatMap((other) => devices[other] ?? []);
  return known.length < near.length ? words.inRing(near.length) : words.inRingOn(near.length, new Set(known).size);
}
