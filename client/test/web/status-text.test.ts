// What the head of the page says of the tab's place in the ring.

import { describe, expect, it } from 'vitest';
import { isAnyId } from '../../src/core/pastry/id.ts';
import type { LinkFailureInfo, PeerInspection } from '../../src/peer/api.ts';
import { statusText } from '../../src/web/text/status-text.ts';

type LinkInfo = PeerInspection['links'][number];

const NODE = 'a'.repeat(32);
if (!isAnyId(NODE)) throw new Error('no id');
const OPEN: LinkInfo = { nodeId: NODE, state: 'open' };
const FAILED: LinkFailureInfo = { nodeId: NODE, stage: 'ice', message: 'A TURN server is needed.', times: 1 };

describe('while it joins', () => {
  it('it says so, and why if no link opens', () => {
    expect(statusText({ status: 'joining', links: [], linkFailures: [] })).toBe('Joining the ring…');
    expect(statusText({ status: 'joining', links: [], linkFailures: [FAILED] })).toBe(
      'No way into the ring so far, still trying. A TURN server is needed.',
    );
  });

  it('a link that is open is a way in, whatever failed', () => {
    expect(statusText({ status: 'joining', links: [OPEN], linkFailures: [FAILED] })).toBe('Joining the ring…');
  });
});

it('in the ring it counts open links; alone it says how to get others', () => {
  expect(statusText({ status: 'active', links: [OPEN], linkFailures: [FAILED] })).toBe(
    'Active in the ring, 1 open link',
  );
  const connecting: LinkInfo = { ...OPEN, state: 'connecting' };
  expect(statusText({ status: 'active', links: [connecting], linkFailures: [] })).toMatch(
    /^Active, alone so far: open/,
  );
});
