// Which links a node opens and closes to stay within its budget.

import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { Timers } from '../../src/core/timers.ts';
import { Dialler } from '../../src/peer/dialler.ts';
import {
  FIRST_EXPECTED_MS,
  FIRST_OPENINGS,
  IDLE_MS,
  JOIN_LINKS,
  JOIN_MS,
  LATE_TIMER_MS,
  MAX_OPENING_MS,
  MAX_OPENINGS,
  MAX_REDIAL_MS,
  MAX_WAITING_DIALS,
  MIN_OPENING_MS,
  MIN_OPENINGS,
  MIN_REDIAL_MS,
  RETRY_RATE,
  SPARE_LINKS,
  WAITING_DIAL_MS,
} from '../../src/peer/limits.ts';
import type { Need } from '../../src/peer/wishes.ts';
import { id } from './ids.ts';

const LEAF_SET_SIZE = 2;
const CAP = 6;

const name = (index: number) => id(index.toString(16).padStart(4, '0'));

let now: number;
let timers: Timers<{ readonly kind: string }>;
let links: Set<string>;
let log: string[];
let counts: Map<string, number>;
let pinned: Set<string>;
let busy: Set<string>;
let needs: Map<string, Need>;
let chance: number;
let dialler: Dialler;

beforeEach(setUp);

function setUp(): void {
  now = 0;
  timers = new Timers();
  links = new Set();
  log = [];
  counts = new Map();
  pinned = new Set();
  busy = new Set();
  needs = new Map();
  chance = 0;
  dialler = create(CAP);
}

function create(linkBudget: number): Dialler {
  return new Dialler(
    {
      now: () => now,
      random: () => chance,
      after: (timer, delayMs, fire) => timers.set({ kind: timer }, now + delayMs, fire),
      count: (cause) => counts.set(cause, (counts.get(cause) ?? 0) + 1),
      linkCount: () => links.size,
      dial: (peer) => {
        links.add(peer);
        log.push(`dial ${peer.slice(0, 4)}`);
      },
      close: (peer) => {
        links.delete(peer);
        log.push(`close ${peer.slice(0, 4)}`);
      },
      gaveUp: (peer) => log.push(`gave up ${peer.slice(0, 4)}`),
      pins: () => (peer) => pinned.has(peer),
      needs: () => (peer) => (pinned.has(peer) ? 'leaf' : (needs.get(peer) ?? 'other')),
      isBusy: (peer) => busy.has(peer),
    },
    linkBudget,
    LEAF_SET_SIZE,
  );
}

function open(index: number): void {
  links.add(name(index));
  dialler.up(name(index));
}

function pass(ms: number): void {
  now += ms;
  timers.fireDue(now);
}

/** As many links as the budget allows, 0 idle longest. */
function full(): void {
  for (let index = 0; index < CAP; index += 1) {
    open(index);
    pass(10);
  }
  log.length = 0;
}

describe('a wish for a link', () => {
  it('is granted at once while there is room', () => {
    dialler.want(name(1));
    expect(log).toEqual(['dial 0001']);
  });

  it('closes the link that was idle longest where there is none', () => {
    full();
    dialler.used(name(0));
    pass(IDLE_MS);
    dialler.want(name(9));
    expect(log).toEqual(['close 0001', 'dial 0009']);
    expect(links.size).toBe(CAP);
  });

  it('waits for a link to become idle: an answer may be on its way', () => {
    full();
    dialler.want(name(9));
    dialler.want(name(9));
    expect(log).toEqual([]);
    pass(IDLE_MS);
    expect(log).toEqual(['close 0000', 'dial 0009']);
  });

  it('is granted when another link closes', () => {
    full();
    dialler.want(name(9));
    links.delete(name(3));
    dialler.down(name(3));
    expect(log).toEqual(['dial 0009']);
  });

  it('is given up in time, and does not wait without end', () => {
    full();
    for (const link of links) busy.add(link);
    for (let index = 0; index <= MAX_WAITING_DIALS; index += 1) dialler.want(name(100 + index));
    // The oldest has been waited for longest.
    expect(log).toEqual([`gave up ${name(100).slice(0, 4)}`]);
    for (let waited = 0; waited < WAITING_DIAL_MS; waited += IDLE_MS) pass(IDLE_MS);
    expect(log).toHaveLength(MAX_WAITING_DIALS + 1);
    expect(counts.get('links not opened: no room or time for them')).toBe(MAX_WAITING_DIALS);
  });

  it('is forgotten when nobody wants it any more', () => {
    full();
    dialler.want(name(9));
    dialler.forget(name(9));
    pass(IDLE_MS);
    expect(log).toEqual([]);
  });
});

describe('what is never closed for others', () => {
  it('a link of the leaf set, or one with a transfer', () => {
    full();
    pinned.add(name(0));
    busy.add(name(1));
    pass(IDLE_MS);
    dialler.want(name(9));
    expect(log).toEqual(['close 0002', 'dial 0009']);
  });

  it('however small the budget, links of the leaf set and a few more', () => {
    dialler = create(1);
    for (let index = 0; index < LEAF_SET_SIZE + SPARE_LINKS; index += 1) dialler.want(name(index));
    expect(links.size).toBe(LEAF_SET_SIZE + SPARE_LINKS);
  });
});

describe('links beyond the budget', () => {
  it('are opened for the leaf set and for who joins, and no more than so many', () => {
    full();
    for (let index = 100; index < 100 + 2 * JOIN_LINKS; index += 1) {
      pinned.add(name(index));
      dialler.want(name(index));
      // Those under way are another matter.
      if (links.has(name(index))) dialler.up(name(index));
    }
    expect(links.size).toBe(CAP + JOIN_LINKS);
    expect(dialler.mayAnswer(name(1), true)).toBe(false);
  });

  it('are accepted from who joins and from who belongs into the leaf set, not from others', () => {
    full();
    expect(dialler.mayAnswer(name(9), false)).toBe(false);
    expect(dialler.mayAnswer(name(9), true)).toBe(true);
    for (const link of links) busy.add(link);
    pinned.add(name(10));
    expect(dialler.mayAnswer(name(10), false)).toBe(true);
    expect(log).toEqual([]);
  });

  it('go when they are idle', () => {
    full();
    expect(dialler.mayAnswer(name(9), true)).toBe(true);
    open(9);
    pass(IDLE_MS);
    expect(links.size).toBe(CAP);
    expect(log).toEqual(['close 0000']);
  });

  it('go after a while, however busy the node is with all of them and with others', () => {
    full();
    const busyFor = (ms: number): void => {
      for (let passed = 0; passed < ms; passed += 100) {
        for (const link of links) dialler.used(id(link));
        dialler.want(name(100 + Math.floor(now / 100)));
        pass(100);
      }
    };
    expect(dialler.mayAnswer(name(9), true)).toBe(true);
    open(9);
    busyFor(JOIN_MS / 2);
    expect(dialler.mayAnswer(name(10), true)).toBe(true);
    open(10);
    busyFor(JOIN_MS / 2 - IDLE_MS);
    expect(links.size).toBe(CAP + 2);
    busyFor(IDLE_MS);
    expect(links.size).toBe(CAP + 1);
    busyFor(JOIN_MS / 2);
    expect(links.size).toBe(CAP);
    expect(log.slice(0, 2)).toEqual(['close 0000', 'close 0001']);
  });
});

describe('links under way', () => {
  beforeEach(() => {
    dialler = create(1_000);
  });

  function wish(count: number, from = 100): void {
    for (let index = from; index < from + count; index += 1) dialler.want(name(index));
  }

  /** The window's width now: dials what it takes. */
  function width(): number {
    wish(MAX_OPENINGS + 1, 5_000);
    return links.size;
  }

  it('are so many at first, and the others wait', () => {
    wish(2 * FIRST_OPENINGS);
    expect(links.size).toBe(FIRST_OPENINGS);
    dialler.up(name(100));
    dialler.up(name(101));
    // Their places, and one more for each that opened in time.
    expect(links.size).toBe(FIRST_OPENINGS + 4);
  });

  it('are never more than a bound', () => {
    wish(200);
    for (let turn = 0; turn < 10; turn += 1) for (const link of [...links]) dialler.up(id(link));
    expect(links.size).toBe(200);
    wish(200, 1_000);
    expect(links.size - 200).toBe(MAX_OPENINGS);
  });

  it('are half as many when one is not open in time, and no other is either', () => {
    wish(FIRST_OPENINGS);
    pass(FIRST_EXPECTED_MS + 1);
    for (const link of [...links]) {
      links.delete(link);
      dialler.failed(id(link));
    }
    expect(width()).toBe(FIRST_OPENINGS / 2);
  });

  it('are half as many when a timer of this node came late, once for the time that it was late', () => {
    now = 10_000;
    dialler.timerCame(LATE_TIMER_MS - 1);
    dialler.timerCame(LATE_TIMER_MS);
    dialler.timerCame(LATE_TIMER_MS);
    expect(width()).toBe(FIRST_OPENINGS / 2);
  });

  it('are never fewer than two', () => {
    for (let times = 0; times < 9; times += 1) {
      now += 10_000;
      dialler.timerCame(LATE_TIMER_MS);
    }
    expect(width()).toBe(MIN_OPENINGS);
  });

  it('do not count those whose other ends are silent while others answer', () => {
    wish(FIRST_OPENINGS);
    pass(100);
    dialler.up(name(100));
    links.delete(name(100));
    pass(FIRST_EXPECTED_MS);
    wish(FIRST_OPENINGS, 200);
    expect(log.filter((line) => line.startsWith('dial'))).toHaveLength(2 * FIRST_OPENINGS);
  });

  it('go to who needs them most: the leaf set, what somebody waits for, the table, then the rest', () => {
    wish(FIRST_OPENINGS);
    log.length = 0;
    wish(5, 200);
    needs.set(name(201), 'entry');
    needs.set(name(202), 'awaited');
    pinned.add(name(203));
    for (let index = 100; index < 103; index += 1) {
      links.delete(name(index));
      dialler.forget(name(index));
      dialler.down(name(index));
    }
    expect(log).toEqual(['dial 00cb', 'dial 00ca', 'dial 00c9']);
  });

  it('of others are as many, and twice as many of who joins or is of the leaf set', () => {
    let taken = 0;
    const take = (isJoining: boolean): boolean => {
      const peer = name(300 + taken);
      if (!dialler.mayAnswer(peer, isJoining)) return false;
      links.add(peer);
      taken += 1;
      return true;
    };
    // Own ones leave others their places: or nodes full of their own would all refuse each other.
    wish(FIRST_OPENINGS);
    while (take(false));
    expect(taken).toBe(FIRST_OPENINGS);
    expect(take(true)).toBe(true);
    pinned.add(name(300 + taken));
    expect(take(false)).toBe(true);
    while (take(true));
    expect(taken).toBe(2 * FIRST_OPENINGS);
    expect(counts.get('links refused: too many under way')).toBe(2);
  });

  it('may take longer where all take long, up to a bound, and longest where this node is late itself', () => {
    expect(dialler.openingMs).toBe(MIN_OPENING_MS);
    for (let index = 0; index < 8; index += 1) {
      dialler.want(name(index));
      pass(14_000 + 4_000 * (index % 2));
      dialler.up(name(index));
    }
    expect(dialler.openingMs).toBeGreaterThan(20_000);
    expect(dialler.openingMs).toBeLessThan(MAX_OPENING_MS);
    dialler.timerCame(LATE_TIMER_MS);
    expect(dialler.openingMs).toBe(MAX_OPENING_MS);
  });
});

it('whatever is wished, granted, used, lost and failed: never more links than the budget and those for joins', () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    setUp();
    const random = new Random(seed);
    const below = (limit: number): number => Math.floor(random.next() * limit);
    let most = 0;
    for (let step = 0; step < 3_000; step += 1) {
      const peer = name(below(200));
      const isOpening = links.has(peer);
      switch (below(8)) {
        case 0:
        case 1:
          dialler.want(peer);
          break;
        case 2:
          if (!isOpening && dialler.mayAnswer(peer, below(2) > 0)) links.add(peer);
          break;
        case 3:
          if (isOpening) dialler.up(peer);
          break;
        case 4:
          if (links.delete(peer)) dialler.failed(peer);
          break;
        case 5:
          if (links.delete(peer)) dialler.down(peer);
          break;
        case 6:
          if (pinned.size < 40 && below(3) > 0) pinned.add(peer);
          else pinned.delete(peer);
          break;
        default:
          pass(below(IDLE_MS));
      }
      most = Math.max(most, links.size);
      expect(links.size).toBeLessThanOrEqual(CAP + JOIN_LINKS);
    }
    expect(most).toBeGreaterThan(CAP);
  }
});

describe('after a failure', () => {
  function fail(): void {
    links.delete(name(1));
    dialler.failed(name(1));
  }

  /** Whether a new wish is granted at once. */
  function isDialled(): boolean {
    log.length = 0;
    dialler.forget(name(1));
    dialler.want(name(1));
    return log.length > 0;
  }

  it('a node is dialled again only after a while, which doubles up to a bound', () => {
    expect(isDialled()).toBe(true);
    for (let delayMs = MIN_REDIAL_MS, times = 0; times < 12; times += 1) {
      fail();
      now += delayMs - 1;
      expect(isDialled()).toBe(false);
      now += 1;
      expect(isDialled()).toBe(true);
      delayMs = Math.min(MAX_REDIAL_MS, 2 * delayMs);
    }
  });

  it('nodes are not all dialled again at the same moment', () => {
    chance = 0.5;
    fail();
    now += 1.5 * MIN_REDIAL_MS - 1;
    expect(isDialled()).toBe(false);
    now += 1;
    expect(isDialled()).toBe(true);
  });

  it('attempts are repeated as often as links open, and a few times more', () => {
    dialler = create(1_000);
    const dialled = (): number => {
      log.length = 0;
      for (let index = 0; index < 100; index += 1) {
        dialler.want(name(index));
        if (links.delete(name(index))) dialler.failed(name(index));
      }
      return log.filter((line) => line.startsWith('dial')).length;
    };
    expect(dialled()).toBe(100);
    now += 2 * MIN_REDIAL_MS;
    expect(dialled()).toBe(RETRY_RATE.burst);
    expect(dialled()).toBe(0);
    for (let index = 200; index < 205; index += 1) open(index);
    expect(log.filter((line) => line.startsWith('dial'))).toHaveLength(5);
  });

  it('a node counts as out of reach for a while, but not for want of room', () => {
    fail();
    expect(dialler.failedLately(name(1))).toBe(true);
    dialler.failed(name(1), true);
    expect(dialler.failedLately(name(1))).toBe(false);
  });

  it('the wish waits, if not for too long', () => {
    dialler.want(name(1));
    fail();
    dialler.want(name(1));
    expect(log).toEqual(['dial 0001']);
    pass(IDLE_MS);
    expect(log).toEqual(['dial 0001', 'dial 0001']);
  });

  it('a link that opened makes it forgotten', () => {
    dialler.want(name(1));
    fail();
    open(1);
    links.delete(name(1));
    dialler.down(name(1));
    dialler.want(name(1));
    expect(log).toEqual(['dial 0001', 'dial 0001']);
  });
});
