// What happened to the disk of a node, in one sentence for its user.

import type { PeerEvent } from '../peer/api.ts';

export function diskText({ state, blocks }: Extract<PeerEvent, { readonly type: 'disk' }>): string {
  const count = `${blocks} ${blocks === 1 ? 'block' : 'blocks'}`;
  switch (state) {
    case 'cleared':
      return `What was stored here was cleared: ${count} gone. Other nodes make new copies of what they hold.`;
    case 'failing':
      return `The storage here cannot be read: ${count} here count no longer, and nothing more is kept.`;
    case 'ok':
      return 'The storage here can be read again.';
  }
}
