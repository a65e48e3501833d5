// How a tab stands in the ring, in words; while it cannot get in, why, and what would help.

import type { PeerInspection } from '../../peer/api.ts';
import { formatCount } from './format.ts';

type Standing = Pick<PeerInspection, 'status' | 'links' | 'linkFailures'>;

export function statusText({ status, links, linkFailures }: Standing): string {
  const open = links.filter((link) => link.state === 'open').length;
  const [failure] = linkFailures;
  switch (status) {
    case 'joining':
      return open > 0 || failure === undefined
        ? 'Joining the ring…'
        : `No way into the ring so far, still trying. ${failure.message}`;
    case 'active':
      return open === 0
        ? 'Active, alone so far: open this page in another tab or on another device'
        : `Active in the ring, ${formatCount(open, 'open link')}`;
    case 'left':
      return 'Left the ring';
  }
}
