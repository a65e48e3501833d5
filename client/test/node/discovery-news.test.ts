// How a Node peer stands with the Discovery node, in the words that its terminal shows.

import { describe, expect, test } from 'vitest';
import { ownRelease } from '../../../signaling/release.ts';
import { DiscoveryNews } from '../../src/node/discovery-news.ts';
import { identityText } from '../../src/node/identity-text.ts';
import type { DiscoveryStanding, PeerEvent, RefusalReason } from '../../src/peer/api.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { discoveryLine } from '../../src/prompt/discovery-text.ts';
import type { IdentityOutcome } from '../../src/stores/identity-lease.ts';

function setUp() {
  const waiting: string[] = [];
  const notices: string[] = [];
  const events: PeerEvent[] = [];
  const ends: string[] = [];
  const news = new DiscoveryNews({
    waiting: (reason) => waiting.push(reason),
    notify: (notice) => notices.push(notice),
  });
  const peer = {
    publish: (event: PeerEvent) => events.push(event),
    leave: async () => {
      ends.push('leave');
      return { lost: { files: [], blocks: 0 } };
    },
    goodbye: () => {
      ends.push('goodbye');
    },
  };
  /** The line of the latest event; undefined: nothing is said. */
  const line = (): string | undefined => {
    const event = events.at(-1);
    if (event?.type !== 'discovery') throw new Error('no news');
    return discoveryLine(event);
  };
  return { news, peer, waiting, notices, events, ends, line };
}

interface Happening {
  readonly what: string;
  readonly state: DiscoveryStanding;
  readonly happens: (news: DiscoveryNews) => void;
  readonly line: string | undefined;
}

const refused = (reason: RefusalReason, line: string): Happening => ({
  what: `refused: ${reason}`,
  state: 'refused',
  happens: (news) => news.refused(reason, 'its own words'),
  line: `the Discovery node does not register this node now: ${line}`,
});

const HAPPENINGS: readonly Happening[] = [
  { what: 'registered', state: 'registered', happens: (news) => news.registered(), line: undefined },
  {
    what: 'renewed',
    state: 'registered',
    happens: (news) => news.renewed(),
    line: 'registered with the Discovery node: it has renewed this node’s certificate',
  },
  {
    what: 'away',
    state: 'away',
    happens: (news) => news.away('connection refused'),
    line: 'the Discovery node is away: connection refused',
  },
  {
    what: 'away, nobody knows why',
    state: 'away',
    happens: (news) => news.away(''),
    line: 'the Discovery node is away',
  },
  {
    what: 'expired',
    state: 'expired',
    happens: (news) => news.expired(),
    line: 'this node’s certificate has run out while the Discovery node gives no other: the ring goes on, but nodes that can reach the Discovery node refuse this one',
  },
  refused('id-taken', 'another node has its id now; this one goes on in the ring and asks again'),
  refused(
    'ring-key-changed',
    'it proves itself with another key than before, so it was set up anew, or something else answers in its place; this node goes on in its ring, and can be started anew with --accept-ring-key',
  ),
  refused(
    'ring-closed',
    'the ring’s password was changed, or the invitation taken back; this node goes on in its ring, and can be started anew with the new one',
  ),
  refused(
    'version',
    'it is of another version of Tabring than this program: bring the older of the two up to date (it says: its own words)',
  ),
  refused('other', 'its own words'),
  {
    what: 'removed',
    state: 'removed',
    happens: (news) => news.removed('class is over'),
    line: 'removed by the Discovery node: class is over',
  },
  {
    what: 'removed, no reason given',
    state: 'removed',
    happens: (news) => news.removed(''),
    line: 'removed by the Discovery node: no reason was given',
  },
  {
    what: 'opened elsewhere',
    state: 'displaced',
    happens: (news) => news.displaced(),
    line: 'stopped: this node’s identity has been opened elsewhere, and goes on there',
  },
];
/** Who is sent away leaves; who goes on elsewhere is silent at once. All else ends nothing. */
const ENDS: Partial<Record<DiscoveryStanding, string>> = { removed: 'leave', displaced: 'goodbye' };

describe('what happened to a peer is said in a line', () => {
  test.each(HAPPENINGS)('$what', ({ state, happens, line }) => {
    const { news, peer, events, ends, line: shown } = setUp();
    news.tell(peer);
    happens(news);
    expect(events).toEqual([expect.objectContaining({ state })]);
    expect(shown()).toBe(line);
    expect(ends).toEqual([ENDS[state]].filter((end) => end !== undefined));
  });

  test('whatever can happen', () => {
    const all: Record<DiscoveryStanding, true> = {
      ...{ registered: true, away: true, refused: true, expired: true, removed: true, displaced: true },
    };
    expect(new Set(HAPPENINGS.map(({ state }) => state))).toEqual(new Set(Object.keys(all)));
    const reasons: Record<RefusalReason, true> = {
      ...{ 'id-taken': true, 'ring-key-changed': true, 'ring-closed': true, version: true, other: true },
    };
    const told = HAPPENINGS.flatMap(({ what }) => /^refused: (.*)$/.exec(what)?.[1] ?? []);
    expect(new Set(told)).toEqual(new Set(Object.keys(reasons)));
  });
});

test('before there is a peer, its user reads why it takes so long', () => {
  const { news, peer, waiting, events } = setUp();
  news.away('connection refused');
  news.refused('other', 'Too many nodes have come from your network address.');
  news.refused('version', 'There is no such event.');
  expect(waiting).toEqual([
    'connection refused',
    'Too many nodes have come from your network address.',
    'it is of another version of Tabring than this program: bring the older of the two up to date (it says: There is no such event.)',
  ]);
  news.tell(peer);
  news.away('gone');
  expect([waiting.length, events.length]).toEqual([3, 1]);
});

test('a renewed certificate that could not be kept is told, with what follows', () => {
  const { news, notices } = setUp();
  news.notKept(new PeerError('full', 'the disk is full'));
  expect(notices).toEqual([
    'the renewed certificate could not be kept, so this node may come back under another id: the disk is full',
  ]);
});

test('a peer of another release than the Discovery node says so, once for each that it meets', () => {
  const { news, notices } = setUp();
  news.greeted({});
  news.greeted({ release: ownRelease() });
  expect(notices).toEqual([]);
  news.greeted({ release: '9.9.9' });
  news.greeted({ release: '9.9.9' });
  expect(notices).toEqual([
    `the Discovery node runs Tabring 9.9.9, this program ${ownRelease()}: bring the older of the two up to date`,
  ]);
  news.greeted({ release: '9.9.10' });
  expect(notices).toHaveLength(2);
});

describe('what became of its id', () => {
  const usual: IdentityOutcome = {
    nodeId: 'b1',
    wantedId: undefined,
    former: undefined,
    refusal: undefined,
    blocks: 0,
  };
  const kept = { nodeId: 'b1', keys: 'kept', isStandIn: false } as const;
  const lost = { ...kept, nodeId: 'a0' };
  const was = 'this node was a0 and is b1 from now on';

  test.each<[Partial<IdentityOutcome>, string | undefined]>([
    [{}, undefined],
    [{ wantedId: 'b', former: kept, blocks: 3 }, undefined],
    [{ former: { ...kept, keys: 'never' } }, undefined],
    [{ wantedId: 'a0', refusal: 'taken' }, 'another node has the id asked for, so this one got b1'],
    [
      { wantedId: 'a0', refusal: 'not-allowed' },
      'the Discovery node lets nobody choose an id from where this node is, so it got b1',
    ],
    [
      { wantedId: 'a0', former: { ...kept, isStandIn: true } },
      'a0 was not given to this node before, so it goes on as b1',
    ],
    [{ former: { ...lost, keys: 'lost' } }, `${was}: the keys that prove the right to the old id are gone`],
    [
      { former: { ...lost, keys: 'never' }, refusal: 'taken', blocks: 1 },
      `${was}: another node has the old id by now; what it held goes on with it (1 block)`,
    ],
    [
      { former: { ...lost, keys: 'never' }, refusal: 'not-allowed', blocks: 5 },
      `${was}: an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from here; what it held goes on with it (5 blocks)`,
    ],
    [
      { former: lost, refusal: 'not-allowed' },
      `${was}: the Discovery node does not know the old id any more, and lets nobody choose one from here`,
    ],
  ])('%j', (facts, line) => {
    expect(identityText({ ...usual, ...facts })).toBe(line);
  });
});
