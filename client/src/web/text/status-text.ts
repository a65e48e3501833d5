// How a tab stands in the ring, in words; while it cannot get in, why, and what would help. Pure.

import type { PeerInspection } from '../../peer/api.ts';
import { formatCount } from './format.ts';

type Standing = Pick<PeerInspection, 'nodeId' | 'status' | 'links' | 'linkFailures' | 'leafSet' | 'devices'>;

/** Without a full stop. */
export function statusText(standing: Standing): string {
  switch (standing.status) {
    case 'joining':
      return obstacleText(standing) === undefined ? 'Joining…' : 'No way into the ring so far, still trying';
    case 'active':
      return activeText(standing);
    case 'left':
      return 'Left the ring';
  }
}

/** Why it does not get in, and what would help; undefined while nothing is known against it. */
export function obstacleText({ status, links, linkFailures }: Standing): string | undefined {
  const isLinked = links.some((link) => link.state === 'open');
  return status === 'joining' && !isLinked ? linkFailures[0]?.message : undefined;
}

/** True in the ring without anybody else. */
export function isAlone({ status, leafSet }: Pick<Standing, 'status' | 'leafSet'>): boolean {
  return status === 'active' && leafSet.cw.length + leafSet.ccw.length === 0;
}

function activeText(standing: Standing): string {
  const { nodeId, leafSet, devices } = standing;
  if (isAlone(standing)) return 'Alone so far: open this page on another device';
  const { cw, ccw } = leafSet;
  const near = [...new Set([nodeId, ...cw, ...ccw])];
  const tabs = formatCount(near.length, 'tab');
  // Where the two halves of the leaf set meet, it is the whole ring; else there may be more.
  if (!cw.some((other) => ccw.includes(other))) return `In the ring: at least ${tabs}`;
  const known = near.flatMap((other) => devices[other] ?? []);
  const places = known.length < near.length ? '' : ` on ${formatCount(new Set(known).size, 'device')}`;
  return `In the ring: ${tabs}${places}`;
}
