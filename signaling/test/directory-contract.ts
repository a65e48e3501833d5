// The directory's rules, for every directory: unique ids, keys that have the right to them, sponsors that make one ring out of
// many newcomers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isId, type NodeId } from '../../client/src/core/pastry/id.ts';
import type { Directory } from '../directory.ts';
import { FRESH_MS, MAX_CLIENTS_PER_ADDRESS, SEEKING_MS } from '../limits.ts';
import type { Admission, Registered, RegistrationOutcome, RegistrationWish } from '../registration.ts';

export const DIGITS = 4;
/** How long certificates run here, seconds. */
const RUN = 1_000;

export function id(text: string): NodeId {
  if (!isId(text, DIGITS)) throw new Error(`not an id: ${text}`);
  return text;
}

export interface DirectoryOptions {
  readonly digits?: number;
  readonly maxPeersPerAddress?: number;
  readonly seed?: number;
}

export interface DirectoryKind {
  /** A new, empty one. Its clocks stand at 0 and 100 s unless a wish says otherwise. */
  readonly open: (options?: DirectoryOptions) => Promise<Directory>;
  /** Random cases of each property. */
  readonly runs: number;
}

export interface Wish extends Partial<Omit<RegistrationWish, 'holder' | 'until'>> {
  /** Milliseconds, and seconds of the ring's time. */
  now?: number;
  seconds?: number;
}

/** Whether there is place for one more. */
function admission(answer: boolean): Admission {
  return { take: () => answer, giveBack: () => undefined };
}

/** One after the other. */
async function times<T>(count: number, act: (index: number) => T | Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index += 1) results.push(await act(index));
  return results;
}

/** Unless a key is named each socket has one of its own. */
export async function tryRegister(of: Directory, holder: string, wish: Wish = {}): Promise<RegistrationOutcome> {
  const { now = 0, seconds = 100, ...rest } = wish;
  const asked: RegistrationWish = {
    ...{ role: 'node', life: 'new', device: 'd', address: '10.0.0.1', wantedId: undefined, claim: undefined },
    ...{
      signKey: `key of ${holder}`,
      agreeKey: 'k',
      mayChooseId: true,
      mayBeForgotten: false,
      admission: admission(true),
      until: seconds + RUN,
    },
    ...{ ...rest, holder },
  };
  return of.register(asked, { ms: now, seconds });
}

export async function register(of: Directory, holder: string, wish: Wish = {}): Promise<Registered> {
  const outcome = await tryRegister(of, holder, wish);
  if (outcome.type !== 'registered') throw new Error(`${outcome.type}: ${outcome.reason}`);
  return outcome;
}

export function directoryContract({ open: directory, runs }: DirectoryKind): void {
  test('an id is assigned, has the ring’s digits and belongs to one tab', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 16 }), async (seed, tabs) => {
        const ids = new Set<string>();
        const one = await directory({ digits: 1, seed });
        for (let tab = 0; tab < tabs; tab += 1) ids.add((await register(one, `s${tab}`)).peer.nodeId);
        expect(ids.size).toBe(tabs);
        for (const each of ids) expect(each).toMatch(/^[0-9a-f]$/);
      }),
      { numRuns: runs },
    );
  });

  test('a ring whose ids are all taken is full, and has room again when a tab goes', async () => {
    const small = await directory({ digits: 1 });
    for (let tab = 0; tab < 16; tab += 1) await register(small, `s${tab}`);
    expect(await tryRegister(small, 's16')).toEqual({ type: 'full', reason: 'ids' });
    const freed = await small.remove('s3', true);
    expect((await register(small, 's16')).peer.nodeId).toBe(freed?.nodeId);
  });

  describe('a wanted id', () => {
    test('is granted if it is free', async () => {
      expect(await register(await directory(), 's1', { wantedId: id('beef') })).toMatchObject({
        peer: { nodeId: 'beef', epoch: 100 },
        refusal: undefined,
      });
    });

    test('of a live tab is not granted: another is assigned', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      const second = await register(all, 's2', { wantedId: id('beef') });
      expect(second.peer.nodeId).not.toBe('beef');
      expect(second.refusal).toBe('taken');
      expect((await all.peerById(id('beef')))?.holder).toBe('s1');
    });

    test('of an absent tab is not granted either as long as its certificate runs', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      await all.remove('s1', false);
      expect((await register(all, 's2', { wantedId: id('beef'), seconds: 99 + RUN })).refusal).toBe('taken');
      expect((await register(all, 's3', { wantedId: id('beef'), seconds: 100 + RUN })).peer.nodeId).toBe('beef');
    });

    test('a renewed certificate runs longer', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      await all.renewed('s1', 5_000);
      await all.remove('s1', false);
      expect((await register(all, 's2', { wantedId: id('beef'), seconds: 4_999 })).refusal).toBe('taken');
    });

    test('that its owner gave up is free at once, for a life with a larger epoch', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      expect((await all.remove('s1', true))?.nodeId).toBe('beef');
      expect(await all.remove('s1', true)).toBeUndefined();
      expect((await register(all, 's2', { wantedId: id('beef') })).peer).toMatchObject({ nodeId: 'beef', epoch: 101 });
    });

    test('is not granted while owners that are not remembered may come back', async () => {
      const all = await directory();
      expect((await register(all, 's1', { wantedId: id('beef'), mayBeForgotten: true })).refusal).toBe('taken');
      const claim = { nodeId: id('beef'), epoch: 7 };
      expect((await register(all, 's2', { wantedId: id('beef'), mayBeForgotten: true, claim })).peer.nodeId).toBe(
        'beef',
      );
    });

    test('is not granted to who may not choose, and it is not said whether it is taken', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      for (const wantedId of [id('beef'), id('cafe')]) {
        const refused = await register(all, `s ${wantedId}`, { wantedId, mayChooseId: false });
        expect(refused.refusal).toBe('not-allowed');
        expect(refused.peer.nodeId).not.toBe(wantedId);
      }
    });
  });

  describe('the right to an id is the key', () => {
    const signKey = 'its own';

    test('which takes it over from the socket that had it', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef'), signKey });
      const again = await register(all, 's2', { wantedId: id('beef'), signKey, mayChooseId: false });
      expect(again).toMatchObject({ refusal: undefined, displaced: { holder: 's1', isOtherLife: true } });
      expect(again.peer).toMatchObject({ nodeId: 'beef', epoch: 101 });
      expect(all.size).toBe(1);
      expect(await all.remove('s1', true)).toBeUndefined();
      expect((await all.peerById(id('beef')))?.holder).toBe('s2');
    });

    test('a socket not heard of for a while is not told that it is another life’s', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef'), signKey });
      const again = await register(all, 's2', { wantedId: id('beef'), signKey, now: FRESH_MS + 1 });
      expect(again.displaced).toEqual({ holder: 's1', isOtherLife: false });
    });

    test('and gets it back after an absence, without a wish that is allowed and without an admission', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef'), signKey });
      await all.remove('s1', false);
      const back = await register(all, 's2', {
        wantedId: id('beef'),
        signKey,
        mayChooseId: false,
        admission: admission(false),
        seconds: 500,
      });
      expect(back.peer).toMatchObject({ nodeId: 'beef', epoch: 500 });
    });

    test('what was forgotten a certificate tells', async () => {
      const claim = { nodeId: id('beef'), epoch: 700 };
      const wish = { wantedId: id('beef'), signKey, claim, mayChooseId: false, admission: admission(false) };
      expect((await register(await directory(), 's1', wish)).peer).toMatchObject({ nodeId: 'beef', epoch: 701 });
      // Of this id, not of others.
      const other = await register(await directory(), 's1', {
        ...wish,
        wantedId: id('cafe'),
        admission: admission(true),
      });
      expect(other).toMatchObject({ refusal: 'not-allowed' });
    });

    test('but not if another key’s certificate runs', async () => {
      const all = await directory();
      const claim = { nodeId: id('beef'), epoch: 700 };
      await register(all, 's1', { wantedId: id('beef') });
      expect((await register(all, 's2', { wantedId: id('beef'), signKey, claim })).refusal).toBe('taken');
      await all.remove('s1', false);
      expect((await register(all, 's3', { wantedId: id('beef'), signKey, claim, mayChooseId: false })).refusal).toBe(
        'taken',
      );
    });

    test('one key has one registration', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef'), signKey });
      const second = await register(all, 's2', { wantedId: id('cafe'), signKey });
      expect(second).toMatchObject({ peer: { nodeId: 'cafe' }, displaced: { holder: 's1' } });
      expect(all.size).toBe(1);
      // The id that it left is still its own.
      expect((await register(all, 's3', { wantedId: id('beef') })).refusal).toBe('taken');
    });

    test('a random id is never one that is kept for somebody', async () => {
      const small = await directory({ digits: 1 });
      for (let tab = 0; tab < 15; tab += 1) {
        await register(small, `s${tab}`);
        await small.remove(`s${tab}`, false);
      }
      await register(small, 'last');
      expect(await tryRegister(small, 'one more')).toEqual({ type: 'full', reason: 'ids' });
      expect((await register(small, 'later', { seconds: 100 + RUN })).type).toBe('registered');
    });
  });

  describe('a life that goes on over another socket', () => {
    const signKey = 'its own';
    const claim = { nodeId: id('beef'), epoch: 700 };
    const same = { life: 'same', wantedId: id('beef'), signKey, claim } as const;

    test('keeps its epoch, is in the ring already, and its old socket is told nothing', async () => {
      const all = await directory();
      const first = await register(all, 's1', { wantedId: id('beef'), signKey });
      const { epoch } = first.peer;
      const back = await register(all, 's2', { ...same, claim: { nodeId: id('beef'), epoch } });
      expect(back.peer).toMatchObject({ nodeId: 'beef', epoch });
      expect(back.displaced).toEqual({ holder: 's1', isOtherLife: false });
      expect((await register(await directory(), 's1', same)).peer.epoch).toBe(700);
    });

    test('is refused, and given no other id, if the id is another key’s', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef') });
      expect(await tryRegister(all, 's2', same)).toEqual({ type: 'refused', reason: 'taken' });
      expect(all.size).toBe(1);
    });

    test('is over if its key has begun a later one', async () => {
      const all = await directory();
      await register(all, 's1', { wantedId: id('beef'), signKey, seconds: 701 });
      expect(await tryRegister(all, 's2', { ...same, seconds: 702 })).toEqual({
        type: 'refused',
        reason: 'superseded',
      });
      expect((await all.peerById(id('beef')))?.holder).toBe('s1');
      await all.remove('s1', false);
      expect(await tryRegister(all, 's2', { ...same, seconds: 703 })).toEqual({
        type: 'refused',
        reason: 'superseded',
      });
    });

    test('wants a certificate of the id that it names', async () => {
      const refused = { type: 'refused', reason: 'taken' };
      expect(await tryRegister(await directory(), 's1', { ...same, claim: undefined })).toEqual(refused);
      expect(await tryRegister(await directory(), 's1', { ...same, wantedId: undefined })).toEqual(refused);
      expect(await tryRegister(await directory(), 's1', { ...same, wantedId: id('cafe') })).toEqual(refused);
    });
  });

  describe('epochs', () => {
    test('of one id only grow, whatever becomes of clocks and keys', async () => {
      const step = fc.record({
        key: fc.nat(2),
        life: fc.constantFrom('new', 'same'),
        ends: fc.constantFrom('stays', 'breaks', 'leaves'),
        seconds: fc.nat(3),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const all = await directory();
          const claims = new Map<number, { nodeId: NodeId; epoch: number }>();
          let latest = { key: -1, epoch: 0 };
          for (const [index, { key, life, ends, seconds }] of steps.entries()) {
            const wish = { wantedId: id('beef'), life, claim: claims.get(key), seconds: 100 + seconds } as const;
            const outcome = await tryRegister(all, `s${index}`, { ...wish, signKey: `key ${key}` });
            if (outcome.type === 'registered' && outcome.peer.nodeId === 'beef') {
              const { epoch } = outcome.peer;
              if (life === 'same' && key === latest.key) expect(epoch).toBe(latest.epoch);
              else expect(epoch).toBeGreaterThan(latest.epoch);
              claims.set(key, { nodeId: id('beef'), epoch });
              latest = { key, epoch };
            }
            if (ends !== 'stays') await all.remove(`s${index}`, ends === 'leaves');
          }
        }),
        { numRuns: runs },
      );
    });
  });

  describe('clients', () => {
    test('are not listed, not counted and never sponsors, and can be signalled to', async () => {
      const all = await directory();
      const client = await register(all, 'c1', { role: 'client' });
      expect([all.size, all.list()]).toEqual([0, []]);
      expect((await register(all, 's1')).sponsor).toBeUndefined();
      const founder = all.peerByHolder('s1')?.nodeId;
      expect((await register(all, 's2')).sponsor).toBe(founder);
      const nodes = new Set(all.list().map(({ nodeId }) => nodeId));
      for (let ask = 0; ask < 20; ask += 1) {
        expect(nodes).toContain(await all.sponsorFor('c1', ask));
        expect(nodes).toContain(await all.sponsorFor('s2', ask));
        expect(nodes).toContain((await register(all, 's3')).sponsor);
        await all.remove('s3', true);
      }
      // Nor when nobody was heard of for long.
      const now = 10 * SEEKING_MS;
      for (let ask = 0; ask < 20; ask += 1) {
        expect(nodes).toContain((await register(all, 's3', { now })).sponsor);
        await all.remove('s3', true);
      }
      expect(await all.peerById(client.peer.nodeId)).toMatchObject({ role: 'client', holder: 'c1' });
      expect((await all.remove('c1', false))?.nodeId).toBe(client.peer.nodeId);
      expect(await all.peerById(client.peer.nodeId)).toBeUndefined();
    });

    test('choose no ids, and take none from their key’s node', async () => {
      const all = await directory();
      expect((await register(all, 'c1', { role: 'client', wantedId: id('beef') })).refusal).toBe('not-allowed');
      await register(all, 's1', { wantedId: id('cafe'), signKey: 'both' });
      expect(await register(all, 'c2', { role: 'client', wantedId: id('cafe'), signKey: 'both' })).toMatchObject({
        displaced: undefined,
        refusal: 'taken',
      });
      expect((await all.peerById(id('cafe')))?.holder).toBe('s1');
    });

    test('have a bound of their own', async () => {
      const all = await directory({ maxPeersPerAddress: 1 });
      await register(all, 's1');
      for (let client = 0; client < MAX_CLIENTS_PER_ADDRESS; client += 1)
        await register(all, `c${client}`, { role: 'client' });
      expect(await tryRegister(all, 'one more', { role: 'client' })).toEqual({ type: 'full', reason: 'address' });
      await register(all, 'elsewhere', { role: 'client', address: '10.0.0.2' });
      expect(await tryRegister(all, 's2')).toEqual({ type: 'full', reason: 'address' });
    });
  });

  test('a socket that asks again for what it did not get keeps what it got', async () => {
    const all = await directory();
    await register(all, 's1', { wantedId: id('beef') });
    const { peer } = await register(all, 's2', { wantedId: id('beef') });
    const again = await register(all, 's2', { wantedId: id('beef'), admission: admission(false) });
    expect(again).toMatchObject({
      peer: { nodeId: peer.nodeId, epoch: peer.epoch },
      refusal: 'taken',
      gaveUp: undefined,
    });
    expect(all.size).toBe(2);
  });

  describe('a newcomer', () => {
    test('is asked about only once nothing else speaks against it, and gets in only if it is admitted', async () => {
      const all = await directory({ maxPeersPerAddress: 2 });
      // Taken, and not given back.
      let asked = 0;
      const admit = (answer: boolean): Admission => ({
        take: () => {
          asked += 1;
          return answer;
        },
        giveBack: () => {
          asked -= 1;
        },
      });
      await register(all, 's1', { admission: admit(true), wantedId: id('beef'), signKey: 'k' });
      await register(all, 's1', { admission: admit(true), signKey: 'k' });
      await register(all, 's2', { admission: admit(true), wantedId: id('beef'), signKey: 'k' });
      expect(asked).toBe(1);
      expect(await tryRegister(all, 's3', { admission: admit(false) })).toEqual({ type: 'full', reason: 'admissions' });
      asked = 0;
      await register(all, 's3');
      expect(await tryRegister(all, 's4', { admission: admit(true) })).toEqual({ type: 'full', reason: 'address' });
      expect(asked).toBe(0);
      expect(all.size).toBe(2);
    });
  });

  test('the tabs of one address are bounded, those of others are not; a /64 is one address', async () => {
    const all = await directory({ maxPeersPerAddress: 2 });
    const first = await register(all, 's1');
    await register(all, 's2');
    expect(await tryRegister(all, 's3')).toEqual({ type: 'full', reason: 'address' });
    await register(all, 's4', { address: '10.0.0.2' });
    // Coming back is not one more.
    await register(all, 's5', { wantedId: first.peer.nodeId, signKey: first.peer.signKey });
    await all.remove('s2', false);
    await register(all, 's3');
    expect(all.size).toBe(3);
    await register(all, 's6', { address: '2001:db8::1' });
    await register(all, 's7', { address: '2001:db8::ffff:2' });
    expect(await tryRegister(all, 's8', { address: '2001:db8::3' })).toEqual({ type: 'full', reason: 'address' });
  });

  test('of tabs that register all at once only the first founds a ring; the others are sent to earlier ones', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 40 }), async (seed, tabs) => {
        const all = await directory({ seed });
        const earlier = new Set<string>();
        for (let tab = 0; tab < tabs; tab += 1) {
          const { peer, sponsor } = await register(all, `s${tab}`);
          if (earlier.size === 0) expect(sponsor).toBeUndefined();
          else expect(earlier.has(sponsor ?? '')).toBe(true);
          earlier.add(peer.nodeId);
        }
      }),
      { numRuns: runs },
    );
  });

  test('a sponsor is each earlier tab, equally often', async () => {
    const draws = 4_000;
    const times = new Map<string, number>();
    const all = await directory();
    for (let tab = 0; tab < 8; tab += 1) await register(all, `s${tab}`);
    for (let draw = 0; draw < draws; draw += 1) {
      const { sponsor = '' } = await register(all, 'asker');
      times.set(sponsor, (times.get(sponsor) ?? 0) + 1);
      await all.remove('asker', true);
    }
    expect(times.size).toBe(8);
    // 500 each on average, standard deviation 21: five of them either way.
    for (const count of times.values()) expect(Math.abs(count - draws / 8)).toBeLessThan(105);
  });

  test('a tab that asks again is never sent to itself', async () => {
    const all = await directory();
    const founder = (await register(all, 's0')).peer.nodeId;
    expect(await all.sponsorFor('s0', 0)).toBeUndefined();
    const other = (await register(all, 's1', { now: 0 })).peer.nodeId;
    let now = 0;
    for (let ask = 0; ask < 50; ask += 1) {
      expect(await all.sponsorFor('s1', now)).toBe(founder);
      now += SEEKING_MS + 1;
      expect(await all.sponsorFor('s0', now)).toBe(other);
      now += SEEKING_MS + 1;
    }
    expect(await all.sponsorFor('stranger', now)).toBeUndefined();
  });

  test('a joining tab that asks again is sent to tabs that are in the ring, not to joining ones', async () => {
    const all = await directory();
    const founder = (await register(all, 's0')).peer.nodeId;
    for (let tab = 1; tab < 10; tab += 1) await register(all, `s${tab}`);
    for (let ask = 0; ask < 50; ask += 1) expect(await all.sponsorFor('s5', 1_000)).toBe(founder);
  });

  test('if the founder dies before anybody joined, exactly one of the others founds the ring', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(11)),
        async (seed, tabs, asks) => {
          const all = await directory({ seed });
          await register(all, 'founder');
          for (let tab = 0; tab < tabs; tab += 1) await register(all, `s${tab}`);
          await all.remove('founder', true);
          const founders = new Set<number>();
          const order = [...asks.map((ask) => ask % tabs), ...Array.from({ length: tabs }, (_, tab) => tab)];
          for (const tab of order) {
            if (founders.has(tab)) continue;
            if ((await all.sponsorFor(`s${tab}`, 5_000)) === undefined) founders.add(tab);
          }
          expect([...founders]).toEqual([0]);
        },
      ),
      { numRuns: runs },
    );
  });

  test('a silent tab is not named as sponsor while others are heard of', async () => {
    const all = await directory();
    await register(all, 'silent');
    const lively = (await register(all, 'lively')).peer.nodeId;
    const now = FRESH_MS + 1;
    all.seen('lively', now);
    for (let ask = 0; ask < 20; ask += 1) {
      expect((await register(all, 'new', { now })).sponsor).toBe(lively);
      await all.remove('new', true);
    }
  });

  test('tabs that come back after a restart count as members of a ring', async () => {
    const all = await directory();
    const back = ['1000', '2000', '3000'].map((text) => id(text));
    for (const [index, nodeId] of back.entries()) {
      await register(all, `b${index}`, { life: 'same', wantedId: nodeId, claim: { nodeId, epoch: 1 } });
    }
    await register(all, 'new', { now: 1 });
    const named = new Set(await times(50, () => all.sponsorFor('new', 2)));
    expect(named).toEqual(new Set(back));
  });

  test('nodes that were seen to answer are named before those that only registered', async () => {
    const all = await directory();
    const [a, b] = [(await register(all, 'a')).peer.nodeId, (await register(all, 'b')).peer.nodeId];
    for (let tab = 0; tab < 300; tab += 1) await register(all, `mute ${tab}`);
    await all.signalled(a, b);
    expect(new Set(await times(50, async (ask) => (await register(all, `x${ask}`)).sponsor)).size).toBeGreaterThan(10);
    await all.signalled(b, a);
    const named = await times(50, async (ask) => (await register(all, `y${ask}`)).sponsor);
    expect(new Set(named)).toEqual(new Set([a, b]));
    // Who asks again may be sent to others too: those that answer may be in league.
    const later = SEEKING_MS + 1;
    for (const holder of ['a', 'b', 'y1', ...Array.from({ length: 300 }, (_, tab) => `mute ${tab}`)])
      all.seen(holder, later);
    const again = await times(200, () => all.sponsorFor('y1', later));
    expect(new Set(again).size).toBeGreaterThan(10);
    expect(again.filter((each) => each === a || each === b).length).toBeGreaterThan(100);
  });

  test('a node does not answer itself, and two signals of one are no answer', async () => {
    const all = await directory();
    const [a, b] = [(await register(all, 'a')).peer.nodeId, (await register(all, 'b')).peer.nodeId];
    for (let tab = 0; tab < 20; tab += 1) await register(all, `s${tab}`);
    for (const [from, to] of [
      [a, a],
      [a, a],
      [a, b],
      [a, b],
    ] as const)
      await all.signalled(from, to);
    expect(new Set(await times(50, async (ask) => (await register(all, `x${ask}`)).sponsor)).size).toBeGreaterThan(10);
  });
}
