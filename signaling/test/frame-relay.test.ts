// What the Discovery node carries between tabs that nothing else joins: fair, bounded, and only where its operator wants it.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NodeId } from '../../client/src/core/pastry/id.ts';
import { type Frame, FrameRelay } from '../frame-relay.ts';
import {
  FRAME_RATE,
  MAX_RELAYED_PAIRS_PER_ADDRESS,
  RELAY_BYTES_PER_PAIR_SECOND,
  RELAY_PAIR_IDLE_MS,
  RELAY_PAIR_RATE,
  RELAY_PAIR_VOLUME,
} from '../limits.ts';
import { parseCommandLine } from '../options.ts';
import { MAX_RELAY_BYTES, RELAY_WINDOW_BYTES, relayCost } from '../relay-protocol.ts';
import type { DiscoveryOptions } from '../server.ts';
import { askRaw, type Bench, emitRaw, hello, refusalCode, register, startBench } from './support.ts';

const MEGABYTE = 1_000_000;

describe('the relay, in virtual time', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const started = (bytesPerSecond = 2 * MEGABYTE) => {
    let bytes = 0;
    const metrics = {
      frame: (more: number) => {
        bytes += more;
      },
    };
    const relay = new FrameRelay({ bytesPerSecond, metrics, now: () => performance.now() });
    return { relay, carried: () => bytes };
  };

  /** A tab that sends to another as fast as it may; `sent` counts what has arrived. */
  class Sender {
    sent = 0;
    readonly #frame: Frame;
    readonly #relay: FrameRelay;

    constructor(relay: FrameRelay, from: string, to: string, address = '192.0.2.1', bytes = MAX_RELAY_BYTES) {
      this.#relay = relay;
      this.#frame = {
        ...{ ring: 'ring', from: { nodeId: from as NodeId, address }, to: { nodeId: to as NodeId } },
        bytes: new Uint8Array(bytes),
        handOn: (_frame, _timeoutMs, received) => {
          queueMicrotask(() => received(true));
          return true;
        },
      };
    }

    flood(): this {
      const cost = relayCost(this.#frame.bytes.length);
      for (let away = cost; away <= RELAY_WINDOW_BYTES; away += cost) void this.#next();
      return this;
    }

    async #next(): Promise<void> {
      while ((await this.#relay.relay(this.#frame)) === 'relayed') this.sent += this.#frame.bytes.length;
    }
  }

  const passed = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  test('one pair has its rate, and no more', async () => {
    const { relay } = started(100 * MEGABYTE);
    const sender = new Sender(relay, 'a', 'b').flood();
    await passed(20_000);
    const most = RELAY_PAIR_RATE.burst + 20 * RELAY_PAIR_RATE.perSecond;
    expect(sender.sent).toBeGreaterThan(0.85 * most);
    expect(sender.sent).toBeLessThanOrEqual(most);
    relay.close();
  });

  test('all pairs together have theirs, and share it whatever the others send', async () => {
    const { relay, carried } = started(MEGABYTE);
    const greedy = [1, 2, 3, 4].map((n) => new Sender(relay, `a${n}`, `b${n}`, `192.0.2.${n}`).flood());
    const modest = new Sender(relay, 'c', 'd', '192.0.2.9', 1000).flood();
    await passed(30_000);
    expect(carried()).toBeLessThanOrEqual(31 * MEGABYTE);
    expect(carried()).toBeGreaterThan(26 * MEGABYTE);
    const shares = greedy.map(({ sent }) => sent);
    expect(Math.min(...shares)).toBeGreaterThan(0.95 * Math.max(...shares));
    // A turn for a turn: as many pieces as the greedy ones, if small ones.
    expect(modest.sent / 1000).toBeGreaterThan(0.9 * (Math.min(...shares) / MAX_RELAY_BYTES));
    relay.close();
  });

  test('a pair that has used its volume goes on slowly', async () => {
    const { relay } = started(1000 * MEGABYTE);
    const sender = new Sender(relay, 'a', 'b').flood();
    const usedUpMs = (RELAY_PAIR_VOLUME.burst / (RELAY_PAIR_RATE.perSecond - RELAY_PAIR_VOLUME.perSecond)) * 1_000;
    await passed(usedUpMs);
    const before = sender.sent;
    await passed(100_000);
    expect((sender.sent - before) / 100).toBeLessThanOrEqual(RELAY_PAIR_VOLUME.perSecond * 1.2);
    expect((sender.sent - before) / 100).toBeGreaterThan(RELAY_PAIR_VOLUME.perSecond * 0.8);
    relay.close();
  }, 60_000);

  test('nothing is held beyond a window: who sends more is refused', async () => {
    const { relay } = started();
    const silent: Frame = {
      ...{ ring: 'ring', from: { nodeId: 'a' as NodeId, address: '192.0.2.1' }, to: { nodeId: 'b' as NodeId } },
      ...{ bytes: new Uint8Array(MAX_RELAY_BYTES), handOn: () => true },
    };
    const outcomes: string[] = [];
    for (let n = 0; n < 5; n += 1) void relay.relay(silent).then((outcome) => outcomes.push(outcome));
    await passed(0);
    expect(outcomes).toEqual(['window', 'window']);
    relay.close();
  });

  test('who does not acknowledge, or is not there, is gone', async () => {
    const { relay } = started();
    const frame: Omit<Frame, 'handOn'> = {
      ...{ ring: 'ring', from: { nodeId: 'a' as NodeId, address: '192.0.2.1' }, to: { nodeId: 'b' as NodeId } },
      bytes: new Uint8Array(10),
    };
    const late: Frame['handOn'] = (_frame, _timeoutMs, received) => {
      received(false);
      return true;
    };
    expect(await relay.relay({ ...frame, handOn: late })).toBe('gone');
    expect(await relay.relay({ ...frame, handOn: () => false })).toBe('gone');
    relay.close();
  });

  test('it has places for so many pairs, and one address for a part of them, until they are idle', async () => {
    const { relay } = started(2 * MEGABYTE);
    const one = async (from: string, address: string): Promise<string> => {
      const handOn: Frame['handOn'] = (_frame, _timeoutMs, received) => {
        received(true);
        return true;
      };
      const ends = { from: { nodeId: from as NodeId, address }, to: { nodeId: 'f' as NodeId } };
      return relay.relay({ ring: 'ring', ...ends, bytes: new Uint8Array(1), handOn });
    };
    for (let n = 0; n < MAX_RELAYED_PAIRS_PER_ADDRESS; n += 1) expect(await one(`a${n}`, '192.0.2.1')).toBe('relayed');
    expect(await one('a', '192.0.2.1')).toBe('pairs');
    const rest = Math.floor((2 * MEGABYTE) / RELAY_BYTES_PER_PAIR_SECOND) - MAX_RELAYED_PAIRS_PER_ADDRESS;
    for (let n = 0; n < rest; n += 1) expect(await one(`b${n}`, '192.0.2.2')).toBe('relayed');
    expect(await one('c', '192.0.2.3')).toBe('pairs');
    expect(relay.pairs).toBe(MAX_RELAYED_PAIRS_PER_ADDRESS + rest);
    await passed(RELAY_PAIR_IDLE_MS);
    expect(await one('c', '192.0.2.3')).toBe('relayed');
    expect(relay.pairs).toBe(1);
    relay.close();
  });
});

describe('on real sockets', () => {
  const open: Bench[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bench) => bench.close()));
  });

  async function pair(options: DiscoveryOptions = { relayBytesPerSecond: MEGABYTE }) {
    const bench = await startBench(options);
    open.push(bench);
    const [a, b] = [await bench.connect(), await bench.connect()];
    const [idA, idB] = [(await register(a)).nodeId, (await register(b)).nodeId];
    return { bench, a, b, idA, idB };
  }

  test('a piece arrives as it was, from whom the Discovery node knows', async () => {
    const { bench, a, b, idA, idB } = await pair();
    expect((await hello(a)).relay).toBe(true);
    const arrived: unknown[] = [];
    b.on('frame', ({ from, bytes }, received) => {
      arrived.push({ from, bytes: [...bytes] });
      received();
    });
    expect(await askRaw(a, 'frame', { to: idB, bytes: Uint8Array.of(1, 2, 3) })).toEqual({ relayed: true });
    expect(arrived).toEqual([{ from: idA, bytes: [1, 2, 3] }]);
    expect(await bench.node.counters()).toMatchObject({ 'relayed-bytes': 3, 'relayed-frames': 1 });
    expect(await bench.node.registry.metrics()).toContain('tabring_relayed_pairs 1');
  });

  test('it wants a registration, a tab that is there, and a piece', async () => {
    const { bench, a, idA, idB } = await pair();
    const bytes = Uint8Array.of(1);
    const stranger = await bench.connect();
    await hello(stranger);
    expect(refusalCode(await askRaw(stranger, 'frame', { to: idB, bytes }))).toBe('not-registered');
    expect(refusalCode(await askRaw(a, 'frame', { to: 'f'.repeat(32), bytes }))).toBe('unknown-peer');
    expect(refusalCode(await askRaw(a, 'frame', { to: idA, bytes }))).toBe('unknown-peer');
    for (const wrong of [undefined, {}, { to: idB }, { to: idB, bytes: 'text' }, { to: idB, bytes, more: 1 }]) {
      expect(refusalCode(await askRaw(a, 'frame', wrong))).toBe('bad-request');
    }
    const sizes = [0, MAX_RELAY_BYTES + 1].map((size) => ({ to: idB, bytes: new Uint8Array(size) }));
    for (const wrong of sizes) expect(refusalCode(await askRaw(a, 'frame', wrong))).toBe('bad-request');
  });

  test('who sends on beyond its window is refused, and cut off at last', async () => {
    const { a, b, idB } = await pair();
    b.on('frame', () => undefined);
    const bytes = new Uint8Array(MAX_RELAY_BYTES);
    const cutOff = new Promise((resolve) => a.once('disconnect', resolve));
    const answers = Array.from({ length: 300 }, () => askRaw(a, 'frame', { to: idB, bytes }).catch(() => undefined));
    expect(refusalCode(await answers[4])).toBe('rate-limited');
    await cutOff;
  });

  test('who asks for tabs that are not there again and again is cut off too', async () => {
    const { a } = await pair();
    const cutOff = new Promise((resolve) => a.once('disconnect', resolve));
    const frame = { to: 'f'.repeat(32), bytes: Uint8Array.of(1) };
    for (let n = 0; n < FRAME_RATE.burst + 2_000; n += 1) emitRaw(a, 'frame', frame, () => undefined);
    await cutOff;
  });

  test('where its operator does not want it, it neither offers it nor does it', async () => {
    const { a, idB } = await pair({});
    expect(await hello(a)).not.toHaveProperty('relay');
    expect(refusalCode(await askRaw(a, 'frame', { to: idB, bytes: Uint8Array.of(1) }))).toBe('bad-request');
  });
});

describe('its options', () => {
  const bytesPerSecond = (args: readonly string[], environment = {}): unknown => {
    const parsed = parseCommandLine(args, environment);
    return parsed.type === 'run' ? parsed.options.relayBytesPerSecond : parsed;
  };

  test('it is off by default, and has a rate', () => {
    expect(bytesPerSecond([])).toBeUndefined();
    expect(bytesPerSecond(['--relay'])).toBe(2 * MEGABYTE);
    expect(bytesPerSecond(['--relay', '--relay-rate', '0.5'])).toBe(MEGABYTE / 2);
    expect(bytesPerSecond([], { RELAY: '1', RELAY_RATE: '10' })).toBe(10 * MEGABYTE);
  });

  test('what makes no sense is said', () => {
    const message = (text: RegExp): unknown => ({ type: 'error', message: expect.stringMatching(text) });
    expect(bytesPerSecond(['--relay-rate', '1'])).toEqual(message(/--relay-rate wants --relay/));
    expect(bytesPerSecond(['--relay', '--relay-rate', 'x'])).toEqual(message(/--relay-rate must be a number above 0/));
  });
});
