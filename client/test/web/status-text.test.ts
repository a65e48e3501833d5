// What the head of the page says of the tab's place in the ring.

import { describe, expect, it } from 'vitest';
import type { LinkFailureInfo, PeerInspection } from '../../src/peer/api.ts';
import { isAlone, obstacleText, statusText } from '../../src/web/text/status-text.ts';
import { demoId } from './demo-peer.ts';

type LinkInfo = PeerInspection['links'][number];

const [SELF, NEAR, FAR] = [demoId('3f2a'), demoId('81bc'), demoId('9d00')];
const OPEN: LinkInfo = { nodeId: NEAR, state: 'open' };
const FAILED: LinkFailureInfo = { nodeId: NEAR, stage: 'ice', message: 'A TURN server is needed.', times: 1 };
const JOINING = {
  status: 'joining',
  ...{ nodeId: SELF, links: [], linkFailures: [], devices: {} },
  leafSet: { cw: [], ccw: [] },
} as const;

describe('while it joins', () => {
  it('it says so, and why if no link opens', () => {
    expect([statusText(JOINING), obstacleText(JOINING)]).toEqual(['Joining…', undefined]);
    const stuck = { ...JOINING, linkFailures: [FAILED] };
    expect(statusText(stuck)).toBe('No way into the ring so far, still trying');
    expect(obstacleText(stuck)).toBe('A TURN server is needed.');
  });

  it('a link that is open is a way in, whatever failed', () => {
    const linked = { ...JOINING, links: [OPEN], linkFailures: [FAILED] };
    expect([statusText(linked), obstacleText(linked)]).toEqual(['Joining…', undefined]);
  });
});

describe('in the ring', () => {
  const active = { ...JOINING, status: 'active' } as const;
  const whole = { cw: [NEAR, FAR], ccw: [FAR, NEAR] };

  it('it is alone, or counts tabs and the devices that they are on', () => {
    expect([statusText(active), isAlone(active), isAlone(JOINING)]).toEqual([
      'Alone so far: open this page on another device',
      true,
      false,
    ]);
    const devices = { [SELF]: 'laptop', [NEAR]: 'laptop', [FAR]: 'phone' };
    const three = { ...active, leafSet: whole, devices, linkFailures: [FAILED] };
    expect([statusText(three), isAlone(three)]).toEqual(['In the ring: 3 tabs on 2 devices', false]);
  });

  it('it says no more than it knows', () => {
    expect(statusText({ ...active, leafSet: whole, devices: { [SELF]: 'laptop' } })).toBe('In the ring: 3 tabs');
    expect(statusText({ ...active, leafSet: { cw: [NEAR], ccw: [FAR] } })).toBe('In the ring: at least 3 tabs');
  });
});

it('left, it says so', () => {
  expect(statusText({ ...JOINING, status: 'left' })).toBe('Left the ring');
});
