// The directory's rules: unique ids, keys that have the right to them, sponsors that make one ring out of many newcomers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isId, type NodeId } from '../../client/src/core/pastry/id.ts';
import { Directory } from '../directory.ts';
import { IdRecords } from '../id-records.ts';
import { FRESH_MS, MAX_CLIENTS_PER_ADDRESS, SEEKING_MS } from '../limits.ts';
import type { Registered, RegistrationOutcome, RegistrationWish } from '../registration.ts';
import { seededRandom } from './support.ts';

const DIGITS = 4;
/** How long certificates run here, seconds. */
const RUN = 1_000;

function id(text: string): NodeId {
  if (!isId(text, DIGITS)) throw new Error(`not an id: ${text}`);
  return text;
}

interface Options {
  digits?: number;
  maxPeersPerAddress?: number;
  seed?: number;
  records?: IdRecords;
}

function directory(options: Options = {}): Directory {
  const { digits = DIGITS, maxPeersPerAddress = 1_000, seed = 7, records = new IdRecords() } = options;
  return new Directory({ digits, maxPeersPerAddress, records, random: seededRandom(seed) });
}

interface Wish extends Partial<Omit<RegistrationWish, 'holder' | 'until'>> {
  /** Milliseconds, and seconds of the ring's time. */
  now?: number;
  seconds?: number;
}

/** Unless a key is named each socket has one of its own. */
function tryRegister(of: Directory, holder: string, wish: Wish = {}): RegistrationOutcome {
  const { now = 0, seconds = 100, ...rest } = wish;
  const asked: RegistrationWish = {
    ...{ role: 'node', life: 'new', device: 'd', address: '10.0.0.1', wantedId: undefined, claim: undefined },
    ...{
      signKey: `key of ${holder}`,
      agreeKey: 'k',
      mayChooseId: true,
      mayBeForgotten: false,
      admit: () => true,
      until: seconds + RUN,
    },
    ...{ ...rest, holder },
  };
  return of.register(asked, { ms: now, seconds });
}

function register(of: Directory, holder: string, wish: Wish = {}): Registered {
  const outcome = tryRegister(of, holder, wish);
  if (outcome.type !== 'registered') throw new Error(`${outcome.type}: ${outcome.reason}`);
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
  const freed = small.remove('s3', true);
  expect(register(small, 's16').peer.nodeId).toBe(freed?.nodeId);
});

describe('a wanted id', () => {
  test('is granted if it is free', () => {
    expect(register(directory(), 's1', { wantedId: id('beef') })).toMatchObject({
      peer: { nodeId: 'beef', epoch: 100 },
      refusal: undefined,
    });
  });

  test('of a live tab is not granted: another is assigned', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    const second = register(all, 's2', { wantedId: id('beef') });
    expect(second.peer.nodeId).not.toBe('beef');
    expect(second.refusal).toBe('taken');
    expect(all.peerById(id('beef'))?.holder).toBe('s1');
  });

  test('of an absent tab is not granted either as long as its certificate runs', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    all.remove('s1', false);
    expect(register(all, 's2', { wantedId: id('beef'), seconds: 99 + RUN }).refusal).toBe('taken');
    expect(register(all, 's3', { wantedId: id('beef'), seconds: 100 + RUN }).peer.nodeId).toBe('beef');
  });

  test('a renewed certificate runs longer', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    all.renewed('s1', 5_000);
    all.remove('s1', false);
    expect(register(all, 's2', { wantedId: id('beef'), seconds: 4_999 }).refusal).toBe('taken');
  });

  test('that its owner gave up is free at once, for a life with a larger epoch', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    expect(all.remove('s1', true)?.nodeId).toBe('beef');
    expect(all.remove('s1', true)).toBeUndefined();
    expect(register(all, 's2', { wantedId: id('beef') }).peer).toMatchObject({ nodeId: 'beef', epoch: 101 });
  });

  test('is not granted while owners that are not remembered may come back', () => {
    const all = directory();
    expect(register(all, 's1', { wantedId: id('beef'), mayBeForgotten: true }).refusal).toBe('taken');
    const claim = { nodeId: id('beef'), epoch: 7 };
    expect(register(all, 's2', { wantedId: id('beef'), mayBeForgotten: true, claim }).peer.nodeId).toBe('beef');
  });

  test('is not granted to who may not choose, and it is not said whether it is taken', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    for (const wantedId of [id('beef'), id('cafe')]) {
      const refused = register(all, `s ${wantedId}`, { wantedId, mayChooseId: false });
      expect(refused.refusal).toBe('not-allowed');
      expect(refused.peer.nodeId).not.toBe(wantedId);
    }
  });
});

describe('the right to an id is the key', () => {
  const signKey = 'its own';

  test('which takes it over from the socket that had it', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef'), signKey });
    const again = register(all, 's2', { wantedId: id('beef'), signKey, mayChooseId: false });
    expect(again).toMatchObject({ refusal: undefined, displaced: { holder: 's1', isOtherLife: true } });
    expect(again.peer).toMatchObject({ nodeId: 'beef', epoch: 101 });
    expect(all.size).toBe(1);
    expect(all.remove('s1', true)).toBeUndefined();
    expect(all.peerById(id('beef'))?.holder).toBe('s2');
  });

  test('a socket not heard of for a while is not told that it is another life’s', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef'), signKey });
    const again = register(all, 's2', { wantedId: id('beef'), signKey, now: FRESH_MS + 1 });
    expect(again.displaced).toEqual({ holder: 's1', isOtherLife: false });
  });

  test('and gets it back after an absence, without a wish that is allowed and without an admission', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef'), signKey });
    all.remove('s1', false);
    const admit = () => false;
    const back = register(all, 's2', { wantedId: id('beef'), signKey, mayChooseId: false, admit, seconds: 500 });
    expect(back.peer).toMatchObject({ nodeId: 'beef', epoch: 500 });
  });

  test('what was forgotten a certificate tells', () => {
    const claim = { nodeId: id('beef'), epoch: 700 };
    const wish = { wantedId: id('beef'), signKey, claim, mayChooseId: false, admit: () => false };
    expect(register(directory(), 's1', wish).peer).toMatchObject({ nodeId: 'beef', epoch: 701 });
    // Of this id, not of others.
    const other = register(directory(), 's1', { ...wish, wantedId: id('cafe'), admit: () => true });
    expect(other).toMatchObject({ refusal: 'not-allowed' });
  });

  test('but not if another key’s certificate runs', () => {
    const all = directory();
    const claim = { nodeId: id('beef'), epoch: 700 };
    register(all, 's1', { wantedId: id('beef') });
    expect(register(all, 's2', { wantedId: id('beef'), signKey, claim }).refusal).toBe('taken');
    all.remove('s1', false);
    expect(register(all, 's3', { wantedId: id('beef'), signKey, claim, mayChooseId: false }).refusal).toBe('taken');
  });

  test('one key has one registration', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef'), signKey });
    const second = register(all, 's2', { wantedId: id('cafe'), signKey });
    expect(second).toMatchObject({ peer: { nodeId: 'cafe' }, displaced: { holder: 's1' } });
    expect(all.size).toBe(1);
    // The id that it left is still its own.
    expect(register(all, 's3', { wantedId: id('beef') }).refusal).toBe('taken');
  });

  test('a random id is never one that is kept for somebody', () => {
    const small = directory({ digits: 1 });
    for (let tab = 0; tab < 15; tab += 1) {
      register(small, `s${tab}`);
      small.remove(`s${tab}`, false);
    }
    register(small, 'last');
    expect(tryRegister(small, 'one more')).toEqual({ type: 'full', reason: 'ids' });
    expect(register(small, 'later', { seconds: 100 + RUN }).type).toBe('registered');
  });
});

describe('a life that goes on over another socket', () => {
  const signKey = 'its own';
  const claim = { nodeId: id('beef'), epoch: 700 };
  const same = { life: 'same', wantedId: id('beef'), signKey, claim } as const;

  test('keeps its epoch, is in the ring already, and its old socket is told nothing', () => {
    const all = directory();
    const first = register(all, 's1', { wantedId: id('beef'), signKey });
    const { epoch } = first.peer;
    const back = register(all, 's2', { ...same, claim: { nodeId: id('beef'), epoch } });
    expect(back.peer).toMatchObject({ nodeId: 'beef', epoch });
    expect(back.displaced).toEqual({ holder: 's1', isOtherLife: false });
    expect(register(directory(), 's1', same).peer.epoch).toBe(700);
  });

  test('is refused, and given no other id, if the id is another key’s', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef') });
    expect(tryRegister(all, 's2', same)).toEqual({ type: 'refused', reason: 'taken' });
    expect(all.size).toBe(1);
  });

  test('is over if its key has begun a later one', () => {
    const all = directory();
    register(all, 's1', { wantedId: id('beef'), signKey, seconds: 701 });
    expect(tryRegister(all, 's2', { ...same, seconds: 702 })).toEqual({ type: 'refused', reason: 'superseded' });
    expect(all.peerById(id('beef'))?.holder).toBe('s1');
    all.remove('s1', false);
    expect(tryRegister(all, 's2', { ...same, seconds: 703 })).toEqual({ type: 'refused', reason: 'superseded' });
  });

  test('wants a certificate of the id that it names', () => {
    const refused = { type: 'refused', reason: 'taken' };
    expect(tryRegister(directory(), 's1', { ...same, claim: undefined })).toEqual(refused);
    expect(tryRegister(directory(), 's1', { ...same, wantedId: undefined })).toEqual(refused);
    expect(tryRegister(directory(), 's1', { ...same, wantedId: id('cafe') })).toEqual(refused);
  });
});

describe('epochs', () => {
  test('of one id only grow, whatever becomes of clocks and keys', () => {
    const step = fc.record({
      key: fc.nat(2),
      life: fc.constantFrom('new', 'same'),
      ends: fc.constantFrom('stays', 'breaks', 'leaves'),
      seconds: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const all = directory();
        const claims = new Map<number, { nodeId: NodeId; epoch: number }>();
        let latest = { key: -1, epoch: 0 };
        for (const [index, { key, life, ends, seconds }] of steps.entries()) {
          const wish = { wantedId: id('beef'), life, claim: claims.get(key), seconds: 100 + seconds } as const;
          const outcome = tryRegister(all, `s${index}`, { ...wish, signKey: `key ${key}` });
          if (outcome.type === 'registered' && outcome.peer.nodeId === 'beef') {
            const { epoch } = outcome.peer;
            if (life === 'same' && key === latest.key) expect(epoch).toBe(latest.epoch);
            else expect(epoch).toBeGreaterThan(latest.epoch);
            claims.set(key, { nodeId: id('beef'), epoch });
            latest = { key, epoch };
          }
          if (ends !== 'stays') all.remove(`s${index}`, ends === 'leaves');
        }
      }),
    );
  });
});

describe('clients', () => {
  test('are not listed, not counted and never sponsors, and can be signalled to', () => {
    const all = directory();
    const client = register(all, 'c1', { role: 'client' });
    expect([all.size, all.list()]).toEqual([0, []]);
    expect(register(all, 's1').sponsor).toBeUndefined();
    const founder = all.peerByHolder('s1')?.nodeId;
    expect(register(all, 's2').sponsor).toBe(founder);
    const nodes = new Set(all.list().map(({ nodeId }) => nodeId));
    for (let ask = 0; ask < 20; ask += 1) {
      expect(nodes).toContain(all.sponsorFor('c1', ask));
      expect(nodes).toContain(all.sponsorFor('s2', ask));
      expect(nodes).toContain(register(all, 's3').sponsor);
      all.remove('s3', true);
    }
    // Nor when nobody was heard of for long.
    const now = 10 * SEEKING_MS;
    for (let ask = 0; ask < 20; ask += 1) {
      expect(nodes).toContain(register(all, 's3', { now }).sponsor);
      all.remove('s3', true);
    }
    expect(all.peerById(client.peer.nodeId)).toMatchObject({ role: 'client', holder: 'c1' });
    expect(all.remove('c1', false)?.nodeId).toBe(client.peer.nodeId);
    expect(all.peerById(client.peer.nodeId)).toBeUndefined();
  });

  test('choose no ids, and take none from their key’s node', () => {
    const all = directory();
    expect(register(all, 'c1', { role: 'client', wantedId: id('beef') }).refusal).toBe('not-allowed');
    register(all, 's1', { wantedId: id('cafe'), signKey: 'both' });
    expect(register(all, 'c2', { role: 'client', wantedId: id('cafe'), signKey: 'both' })).toMatchObject({
      displaced: undefined,
      refusal: 'taken',
    });
    expect(all.peerById(id('cafe'))?.holder).toBe('s1');
  });

  test('have a bound of their own', () => {
    const all = directory({ maxPeersPerAddress: 1 });
    register(all, 's1');
    for (let client = 0; client < MAX_CLIENTS_PER_ADDRESS; client += 1) register(all, `c${client}`, { role: 'client' });
    expect(tryRegister(all, 'one more', { role: 'client' })).toEqual({ type: 'full', reason: 'address' });
    register(all, 'elsewhere', { role: 'client', address: '10.0.0.2' });
    expect(tryRegister(all, 's2')).toEqual({ type: 'full', reason: 'address' });
  });

  test('are in no records', () => {
    const records = new IdRecords();
    register(directory({ records }), 'c1', { role: 'client' });
    expect(records.size).toBe(0);
  });
});

test('a socket that asks again for what it did not get keeps what it got', () => {
  const all = directory();
  register(all, 's1', { wantedId: id('beef') });
  const { peer } = register(all, 's2', { wantedId: id('beef') });
  const again = register(all, 's2', { wantedId: id('beef'), admit: () => false });
  expect(again).toMatchObject({
    peer: { nodeId: peer.nodeId, epoch: peer.epoch },
    refusal: 'taken',
    gaveUp: undefined,
  });
  expect(all.size).toBe(2);
});

describe('a newcomer', () => {
  test('is asked about only once nothing else speaks against it, and gets in only if it is admitted', () => {
    const all = directory({ maxPeersPerAddress: 2 });
    let asked = 0;
    const admit = (answer: boolean) => () => {
      asked += 1;
      return answer;
    };
    register(all, 's1', { admit: admit(true), wantedId: id('beef'), signKey: 'k' });
    register(all, 's1', { admit: admit(true), signKey: 'k' });
    register(all, 's2', { admit: admit(true), wantedId: id('beef'), signKey: 'k' });
    expect(asked).toBe(1);
    expect(tryRegister(all, 's3', { admit: admit(false) })).toEqual({ type: 'full', reason: 'admissions' });
    expect(asked).toBe(2);
    register(all, 's3');
    expect(tryRegister(all, 's4', { admit: admit(false) })).toEqual({ type: 'full', reason: 'address' });
    expect(asked).toBe(2);
    expect(all.size).toBe(2);
  });
});

test('the tabs of one address are bounded, those of others are not; a /64 is one address', () => {
  const all = directory({ maxPeersPerAddress: 2 });
  const first = register(all, 's1');
  register(all, 's2');
  expect(tryRegister(all, 's3')).toEqual({ type: 'full', reason: 'address' });
  register(all, 's4', { address: '10.0.0.2' });
  // Coming back is not one more.
  register(all, 's5', { wantedId: first.peer.nodeId, signKey: first.peer.signKey });
  all.remove('s2', false);
  register(all, 's3');
  expect(all.size).toBe(3);
  register(all, 's6', { address: '2001:db8::1' });
  register(all, 's7', { address: '2001:db8::ffff:2' });
  expect(tryRegister(all, 's8', { address: '2001:db8::3' })).toEqual({ type: 'full', reason: 'address' });
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
    all.remove('asker', true);
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
  let now = 0;
  for (let ask = 0; ask < 50; ask += 1) {
    expect(all.sponsorFor('s1', now)).toBe(founder);
    now += SEEKING_MS + 1;
    expect(all.sponsorFor('s0', now)).toBe(other);
    now += SEEKING_MS + 1;
  }
  expect(all.sponsorFor('stranger', now)).toBeUndefined();
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
      all.remove('founder', true);
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
    all.remove('new', true);
  }
});

test('tabs that come back after a restart count as members of a ring', () => {
  const all = directory();
  const back = ['1000', '2000', '3000'].map((text) => id(text));
  for (const [index, nodeId] of back.entries()) {
    register(all, `b${index}`, { life: 'same', wantedId: nodeId, claim: { nodeId, epoch: 1 } });
  }
  register(all, 'new', { now: 1 });
  const named = new Set(Array.from({ length: 50 }, () => all.sponsorFor('new', 2)));
  expect(named).toEqual(new Set(back));
});

test('nodes that were seen to answer are named before those that only registered', () => {
  const all = directory();
  const [a, b] = ['a', 'b'].map((holder) => register(all, holder).peer.nodeId);
  for (let tab = 0; tab < 300; tab += 1) register(all, `mute ${tab}`);
  if (a === undefined || b === undefined) throw new Error('not registered');
  all.signalled(a, b);
  expect(new Set(Array.from({ length: 50 }, (_, ask) => register(all, `x${ask}`).sponsor)).size).toBeGreaterThan(10);
  all.signalled(b, a);
  const named = Array.from({ length: 50 }, (_, ask) => register(all, `y${ask}`).sponsor);
  expect(new Set(named)).toEqual(new Set([a, b]));
  // Who asks again may be sent to others too: those that answer may be in league.
  const later = SEEKING_MS + 1;
  for (const holder of ['a', 'b', 'y1', ...Array.from({ length: 300 }, (_, tab) => `mute ${tab}`)])
    all.seen(holder, later);
  const again = Array.from({ length: 200 }, () => all.sponsorFor('y1', later));
  expect(new Set(again).size).toBeGreaterThan(10);
  expect(again.filter((each) => each === a || each === b).length).toBeGreaterThan(100);
});

test('a node does not answer itself, and two signals of one are no answer', () => {
  const all = directory();
  const [a, b] = ['a', 'b'].map((holder) => register(all, holder).peer.nodeId);
  for (let tab = 0; tab < 20; tab += 1) register(all, `s${tab}`);
  if (a === undefined || b === undefined) throw new Error('not registered');
  for (const [from, to] of [
    [a, a],
    [a, a],
    [a, b],
    [a, b],
  ] as const)
    all.signalled(from, to);
  expect(new Set(Array.from({ length: 50 }, (_, ask) => register(all, `x${ask}`).sponsor)).size).toBeGreaterThan(10);
});
