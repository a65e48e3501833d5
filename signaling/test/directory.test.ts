// The directory's rules: unique ids, secrets that prove them, sponsors that make one ring out of many newcomers.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Id, isId } from '../../client/src/core/pastry/id.ts';
import { Directory, type RegistrationOutcome } from '../directory.ts';
import { FRESH_MS, SEEKING_MS } from '../limits.ts';
import { seededRandom } from './support.ts';

const DIGITS = 4;

function id(text: string): Id {
  if (!isId(text, DIGITS)) throw new Error(`not an id: ${text}`);
  return text;
}

function directory(options: { digits?: number; maxPeersPerAddress?: number; seed?: number } = {}): Directory {
  const { digits = DIGITS, maxPeersPerAddress = 1_000, seed = 7 } = options;
  return new Directory({ digits, maxPeersPerAddress, random: seededRandom(seed) });
}

interface Wish {
  wantedId?: Id;
  secret?: string;
  address?: string;
  now?: number;
}

function tryRegister(of: Directory, holder: string, wish: Wish = {}): RegistrationOutcome {
  const { wantedId, secret, address = '10.0.0.1', now = 0 } = wish;
  return of.register({ wantedId, secret, device: 'd', address, holder }, now);
}

function register(of: Directory, holder: string, wish: Wish = {}): RegistrationOutcome & { type: 'registered' } {
  const outcome = tryRegister(of, holder, wish);
  if (outcome.type !== 'registered') throw new Error(`full: ${outcome.reason}`);
  return outcome;
}

test('an id is assigned, has the ring’s digits and belongs to one tab', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 16 }), (seed, tabs) => {
      const ids = new Set<string>();
      const one = directory({ digits: 1, seed });
      for (let tab = 0; tab < tabs; tab += 1) ids.add(register(one, `s${tab}`).peer.nodeId);
      expect(ids.size).toBe(tabs);
      for (const each of ids) expect(each).toMatch(/^[0-9a-f]$/);
    }),
  );
});

test('a ring whose ids are all taken is full, and has room again when a tab goes', () => {
  const small = directory({ digits: 1 });
  for (let tab = 0; tab < 16; tab += 1) register(small, `s${tab}`);
  expect(tryRegister(small, 's16')).toEqual({ type: 'full', reason: 'ids' });
  const freed = small.remove('s3');
  expect(register(small, 's16').peer.nodeId).toBe(freed?.nodeId);
});

test('a wanted id is granted if it is free', () => {
  const { peer, wantedIdGranted } = register(directory(), 's1', { wantedId: id('beef') });
  expect(peer.nodeId).toBe('beef');
  expect(wantedIdGranted).toBe(true);
});

test('a wanted id of a live tab is not granted: another is assigned', () => {
  const all = directory();
  register(all, 's1', { wantedId: id('beef') });
  const second = register(all, 's2', { wantedId: id('beef') });
  expect(second.peer.nodeId).not.toBe('beef');
  expect(second.wantedIdGranted).toBe(false);
  expect(all.peerById(id('beef'))?.holder).toBe('s1');
  const third = register(all, 's3', { wantedId: id('beef'), secret: second.peer.secret });
  expect(third.wantedIdGranted).toBe(false);
});

test('the secret of a registration takes it over, and the old socket has nothing any more', () => {
  const all = directory();
  const first = register(all, 's1', { wantedId: id('beef') });
  const again = register(all, 's2', { wantedId: id('beef'), secret: first.peer.secret });
  expect(again).toMatchObject({ wantedIdGranted: true, displaced: 's1' });
  expect(again.peer.secret).toBe(first.peer.secret);
  expect(all.size).toBe(1);
  expect(all.remove('s1')).toBeUndefined();
  expect(all.peerById(id('beef'))?.holder).toBe('s2');
});

test('an empty directory believes a tab that comes back with its secret', () => {
  const secret = 'a'.repeat(32);
  const restarted = directory();
  const back = register(restarted, 's1', { wantedId: id('beef'), secret });
  expect(back).toMatchObject({ wantedIdGranted: true, displaced: undefined });
  expect(back.peer.secret).toBe(secret);
  expect(register(restarted, 's2', { wantedId: id('beef'), secret }).peer.nodeId).toBe('beef');
});

test('a removed tab’s id is free at once', () => {
  const all = directory();
  register(all, 's1', { wantedId: id('beef') });
  expect(all.remove('s1')?.nodeId).toBe('beef');
  expect(all.remove('s1')).toBeUndefined();
  expect(register(all, 's2', { wantedId: id('beef') }).wantedIdGranted).toBe(true);
});

test('the tabs of one address are bounded, those of others are not', () => {
  const all = directory({ maxPeersPerAddress: 2 });
  const first = register(all, 's1');
  register(all, 's2');
  expect(tryRegister(all, 's3')).toEqual({ type: 'full', reason: 'address' });
  register(all, 's4', { address: '10.0.0.2' });
  // Coming back is not one more.
  register(all, 's5', { wantedId: first.peer.nodeId, secret: first.peer.secret });
  all.remove('s2');
  register(all, 's3');
  expect(all.size).toBe(3);
});

test('of tabs that register all at once only the first founds a ring; the others are sent to earlier ones', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, tabs) => {
      const all = directory({ seed });
      const earlier = new Set<string>();
      for (let tab = 0; tab < tabs; tab += 1) {
        const { peer, sponsor } = register(all, `s${tab}`);
        if (earlier.size === 0) expect(sponsor).toBeUndefined();
        else expect(earlier.has(sponsor ?? '')).toBe(true);
        earlier.add(peer.nodeId);
      }
    }),
  );
});

test('a sponsor is each earlier tab, equally often', () => {
  const draws = 4_000;
  const times = new Map<string, number>();
  const all = directory();
  for (let tab = 0; tab < 8; tab += 1) register(all, `s${tab}`);
  for (let draw = 0; draw < draws; draw += 1) {
    const { sponsor = '' } = register(all, 'asker');
    times.set(sponsor, (times.get(sponsor) ?? 0) + 1);
    all.remove('asker');
  }
  expect(times.size).toBe(8);
  // 500 each on average, standard deviation 21: five of them either way.
  for (const count of times.values()) expect(Math.abs(count - draws / 8)).toBeLessThan(105);
});

test('a tab that asks again is never sent to itself', () => {
  const all = directory();
  const founder = register(all, 's0').peer.nodeId;
  expect(all.sponsorFor('s0', 0)).toBeUndefined();
  const other = register(all, 's1', { now: 0 }).peer.nodeId;
  for (let ask = 0; ask < 50; ask += 1) {
    expect(all.sponsorFor('s1', ask)).toBe(founder);
    expect(all.sponsorFor('s0', SEEKING_MS + 100 + ask)).toBe(other);
  }
  expect(all.sponsorFor('stranger', 0)).toBeUndefined();
});

test('a joining tab that asks again is sent to tabs that are in the ring, not to joining ones', () => {
  const all = directory();
  const founder = register(all, 's0').peer.nodeId;
  for (let tab = 1; tab < 10; tab += 1) register(all, `s${tab}`);
  for (let ask = 0; ask < 50; ask += 1) expect(all.sponsorFor('s5', 1_000)).toBe(founder);
});

test('if the founder dies before anybody joined, exactly one of the others founds the ring', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(11)), (seed, tabs, asks) => {
      const all = directory({ seed });
      register(all, 'founder');
      for (let tab = 0; tab < tabs; tab += 1) register(all, `s${tab}`);
      all.remove('founder');
      const founders = new Set<number>();
      const order = [...asks.map((ask) => ask % tabs), ...Array.from({ length: tabs }, (_, tab) => tab)];
      for (const tab of order) {
        if (founders.has(tab)) continue;
        if (all.sponsorFor(`s${tab}`, 5_000) === undefined) founders.add(tab);
      }
      expect([...founders]).toEqual([0]);
    }),
  );
});

test('a silent tab is not named as sponsor while others are heard of', () => {
  const all = directory();
  register(all, 'silent');
  const lively = register(all, 'lively').peer.nodeId;
  const now = FRESH_MS + 1;
  all.seen('lively', now);
  for (let ask = 0; ask < 20; ask += 1) {
    expect(register(all, 'new', { now }).sponsor).toBe(lively);
    all.remove('new');
  }
});

test('tabs that come back after a restart count as members of a ring', () => {
  const all = directory();
  const back = ['1000', '2000', '3000'].map((text) => id(text));
  for (const [index, wantedId] of back.entries()) register(all, `b${index}`, { wantedId, secret: 'c'.repeat(32) });
  register(all, 'new', { now: 1 });
  const named = new Set(Array.from({ length: 50 }, () => all.sponsorFor('new', 2)));
  expect(named).toEqual(new Set(back));
});
