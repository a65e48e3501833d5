// Which way signals go, and what happens when a way does not lead to the other end.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  AWAY_AGAIN_MS,
  MAX_AWAY_TRIES,
  MAX_RING_TRIES,
  RING_AGAIN_MS,
  RING_ANSWER_MS,
} from '../../src/links/limits.ts';
import { SignalPost, type SignalPostOptions } from '../../src/links/signal-post.ts';
import { SignallingError, type SignallingFailure } from '../../src/links/signalling.ts';
import { nodeId } from './pair.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A post whose ways a test opens and closes; `log` says what was sent where. */
function post(way?: SignalPostOptions['way']) {
  const world = {
    log: [] as string[],
    lost: [] as [string, boolean][],
    isRingHere: true,
    discovery: undefined as SignallingFailure | undefined,
    handedOn: 0,
    post: undefined as SignalPost | undefined,
  };
  world.post = new SignalPost({
    peer: nodeId('b'),
    way,
    ring: (_, text) => {
      if (world.isRingHere) world.log.push(`ring ${text}`);
      return world.isRingHere;
    },
    discovery: {
      send: async (_, text) => {
        if (world.discovery !== undefined) throw new SignallingError(world.discovery, world.discovery);
        world.log.push(`discovery ${text}`);
      },
    },
    handedOn: () => {
      world.handedOn += 1;
    },
    lost: (message, noSuchPeer) => world.lost.push([message, noSuchPeer]),
    count: () => undefined,
  });
  return { world, post: world.post };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('an offer', () => {
  test('goes through the ring, and nowhere else if it is answered', async () => {
    const { world, post: p } = post();
    p.send('1');
    await pass(RING_ANSWER_MS - 1);
    p.heard('ring');
    p.send('2');
    await pass(RING_ANSWER_MS * 10);
    expect(world.log).toEqual(['ring 1', 'ring 2']);
    expect(world.handedOn).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('goes over the Discovery node where there is no link into the ring', async () => {
    const { world, post: p } = post();
    world.isRingHere = false;
    p.send('1');
    await pass(RING_ANSWER_MS * 2);
    expect(world.log).toEqual(['discovery 1']);
    expect(p.way).toBe('discovery');
  });

  test('that the ring does not answer in time is repeated over the Discovery node, the latest word of it', async () => {
    const { world, post: p } = post();
    p.send('1');
    p.send('2');
    await pass(RING_ANSWER_MS);
    expect(world.log).toEqual(['ring 1', 'ring 2', 'discovery 2']);
    p.send('3');
    await pass(RING_ANSWER_MS * 2);
    expect(world.log.slice(3)).toEqual(['discovery 3']);
    expect(world.lost).toEqual([]);
  });

  test('to a node that the ring does not know goes over the Discovery node at once', async () => {
    const { world, post: p } = post();
    p.send('1');
    p.notHere();
    await pass(0);
    expect(world.log).toEqual(['ring 1', 'discovery 1']);
  });

  test('to a node that neither knows is lost at once: there is none', async () => {
    const { world, post: p } = post();
    world.discovery = 'unknown-peer';
    p.send('1');
    p.notHere();
    await pass(0);
    expect(world.lost).toEqual([['unknown-peer', true]]);
  });

  test('goes through the ring again while the Discovery node is away; twice not known there, there is none', async () => {
    const { world, post: p } = post();
    world.discovery = 'away';
    p.send('1');
    p.notHere();
    await pass(RING_AGAIN_MS);
    expect(world.log).toEqual(['ring 1', 'ring 1']);
    expect(world.lost).toEqual([]);
    p.notHere();
    expect(world.lost).toEqual([[expect.stringContaining('gone'), true]]);
  });

  test('that nobody answers is tried a few times and then lost, without blaming the other end', async () => {
    const { world, post: p } = post();
    world.discovery = 'away';
    p.send('1');
    await pass(RING_ANSWER_MS * MAX_RING_TRIES + 10);
    expect(world.log).toEqual(Array.from({ length: MAX_RING_TRIES }, () => 'ring 1'));
    expect(world.lost).toEqual([['away', false]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that the ring may have lost gets one more try if a restarted Discovery node does not know the other end', async () => {
    const { world, post: p } = post();
    world.discovery = 'unknown-peer';
    p.send('1');
    await pass(RING_ANSWER_MS + 1);
    expect(world.log).toEqual(['ring 1', 'ring 1']);
    expect(world.lost).toEqual([]);
    await pass(RING_ANSWER_MS);
    expect(world.lost).toEqual([[expect.any(String), true]]);
  });

  test('is lost if neither way opens within some seconds', async () => {
    const { world, post: p } = post();
    world.isRingHere = false;
    world.discovery = 'away';
    p.send('1');
    await pass(AWAY_AGAIN_MS * MAX_AWAY_TRIES - 1);
    expect(world.lost).toEqual([]);
    await pass(1);
    expect(world.lost).toEqual([['away', false]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(['ring', 'discovery'] as const)(
    'of a tab that has just woken takes the way that opens first: %s',
    async (way) => {
      const { world, post: p } = post();
      world.isRingHere = false;
      world.discovery = 'away';
      p.send('1');
      await pass(AWAY_AGAIN_MS * 1.5);
      if (way === 'ring') world.isRingHere = true;
      else world.discovery = undefined;
      await pass(AWAY_AGAIN_MS);
      expect(world.log).toEqual([`${way} 1`]);
      expect(world.lost).toEqual([]);
    },
  );
});

describe('an answer', () => {
  test.each(['ring', 'discovery'] as const)('takes the way that the offer came: %s', async (way) => {
    const { world, post: p } = post(way);
    p.send('1');
    await pass(RING_ANSWER_MS * 2);
    expect(world.log).toEqual([`${way} 1`]);
  });

  test('takes the other way where the offerer is no longer known in the ring', async () => {
    const { world, post: p } = post('ring');
    p.send('1');
    p.notHere();
    await pass(0);
    expect(world.log).toEqual(['ring 1', 'discovery 1']);
  });

  test('follows the offer to its other way', async () => {
    const { world, post: p } = post('ring');
    p.send('1');
    p.heard('discovery');
    p.repeat();
    await pass(0);
    expect(world.log).toEqual(['ring 1', 'discovery 1']);
  });
});

test('after a stop nothing is repeated', async () => {
  const { world, post: p } = post();
  p.send('1');
  p.end();
  await pass(RING_ANSWER_MS * 10);
  expect(world.log).toEqual(['ring 1']);
});

test('that is over tries nothing again, however late it hears that a way is closed', async () => {
  const { world, post: p } = post();
  world.isRingHere = false;
  world.discovery = 'away';
  p.send('1');
  p.end();
  await pass(AWAY_AGAIN_MS * MAX_AWAY_TRIES);
  expect(world.lost).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

describe('what a ring changes on its way', () => {
  test('goes over the Discovery node at once, and later words too', async () => {
    const { world, post: p } = post();
    p.send('1');
    p.changed();
    p.changed();
    p.send('2');
    await pass(RING_ANSWER_MS * 2);
    expect(world.log).toEqual(['ring 1', 'discovery 1', 'discovery 2']);
  });

  test('was nothing, if nothing was sent or it went another way', async () => {
    const { world, post: p } = post('discovery');
    p.changed();
    p.send('1');
    p.changed();
    await pass(0);
    expect(world.log).toEqual(['discovery 1']);
  });
});
