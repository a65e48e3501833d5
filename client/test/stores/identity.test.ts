// Who a tab is: identities of one browser profile, leased to its tabs one at a time.

import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { webLocks } from '../../src/stores/browser-identity.ts';
import { leaseIdentity } from '../../src/stores/identity.ts';
import {
  candidates,
  type IdentityRecord,
  isWanted,
  MAX_IDENTITIES,
  parseIdentities,
  withRecord,
} from '../../src/stores/identity-book.ts';
import type { IdentityLease, Locks, SessionNotes } from '../../src/stores/identity-lease.ts';
import { MemoryKeyStore } from '../../src/stores/memory-key-store.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { encodeCertificate } from '../../src/trust/certificate.ts';
import { keySuite } from '../../src/trust/key-suite.ts';
import { Authority } from '../trust/authority.ts';

const NOW_MS = 1_700_000_000_000;
const SECRET = '5'.repeat(32);

let ring: Authority;
beforeAll(async () => {
  ring = await Authority.create();
});

function nodeId(prefix: string, digits = 4): NodeId {
  const id = idFromPrefix(prefix, digits);
  if (id === undefined) throw new Error(`${prefix} is no id`);
  return id;
}

const record = (prefix: string, usedAt: number): IdentityRecord => ({
  name: `identity-${prefix}`,
  nodeId: nodeId(prefix),
  usedAt,
});

describe('the book of identities', () => {
  const wish = { digits: 4, wantedId: undefined, formerName: undefined, owners: new Set<string>() };

  test('a tab comes back as itself, else as the latest used', () => {
    const book = [record('a', 1), record('b', 3), record('c', 2)];
    const ids = (formerName?: string) => candidates(book, { ...wish, formerName }).map((each) => each.nodeId);
    expect(ids()).toEqual(['b000', 'c000', 'a000']);
    expect(ids('identity-a')).toEqual(['a000', 'b000', 'c000']);
    expect(ids('identity-d')).toEqual(['b000', 'c000', 'a000']);
  });

  test('a tab comes back as who has files of its own before who was used later and has none', () => {
    const book = [record('a', 1), record('b', 3), record('c', 2)];
    const owners = new Set(['identity-a', 'identity-c']);
    const ids = (formerName?: string) => candidates(book, { ...wish, formerName, owners }).map((each) => each.nodeId);
    expect(ids()).toEqual(['c000', 'a000', 'b000']);
    expect(ids('identity-b')).toEqual(['b000', 'c000', 'a000']);
  });

  test('an id or prefix that was asked for names one identity or none', () => {
    const book = [record('a', 1), record('ab', 2)];
    expect(candidates(book, { ...wish, wantedId: 'A', formerName: 'identity-ab' })).toEqual([record('a', 1)]);
    expect(candidates(book, { ...wish, wantedId: 'ab00' })).toEqual([record('ab', 2)]);
    expect(candidates(book, { ...wish, wantedId: 'c', formerName: 'identity-a' })).toEqual([]);
    expect(isWanted('ab00', 'ab0000')).toBe(false);
  });

  test('a tab that was given another id than it asks for comes back as that, unless the id is its profile’s now', () => {
    const standIn = { ...record('e', 5), askedFor: 'a' };
    const asksAgain = { ...wish, wantedId: 'a', formerName: standIn.name };
    expect(candidates([standIn], asksAgain)).toEqual([standIn]);
    expect(candidates([standIn, record('a', 1)], asksAgain)).toEqual([record('a', 1), standIn]);
    // Another tab asks for itself, and the same tab for something else.
    expect(candidates([standIn], { ...asksAgain, formerName: undefined })).toEqual([]);
    expect(candidates([standIn], { ...asksAgain, wantedId: 'b' })).toEqual([]);
  });

  test('identities of a ring with ids of other digits have no place in this one', () => {
    const book = [{ ...record('a', 1), nodeId: nodeId('a', 32) }];
    expect(candidates(book, wish)).toEqual([]);
    expect(candidates(book, { ...wish, digits: 32 })).toEqual(book);
  });

  test('a record takes the place of its former life, and the longest unused makes room', () => {
    const renamed = { ...record('a', 3), nodeId: nodeId('d') };
    expect(withRecord([record('a', 1), record('b', 2)], renamed)).toEqual([renamed, record('b', 2)]);
    const many = Array.from({ length: MAX_IDENTITIES }, (_, i) => ({ ...record('0', i), name: `identity-${i}` }));
    const book = withRecord(many, record('a', MAX_IDENTITIES));
    expect(book).toHaveLength(MAX_IDENTITIES);
    expect(book.some(({ usedAt }) => usedAt === 0)).toBe(false);
  });

  test('what is no record is dropped', () => {
    const good = record('a', 1);
    const certified = { ringKey: 'x', certificate: 'y'.repeat(1000) };
    const bad = [null, 7, {}, { ...good, nodeId: 'XY' }, { ...good, name: '../x' }, { ...good, certified }];
    expect(parseIdentities([...bad, good])).toEqual([good]);
    for (const value of [undefined, null, 'x', {}]) expect(parseIdentities(value)).toEqual([]);
  });

  test('a record of an earlier version is named after its id, and its secret is forgotten', () => {
    expect(parseIdentities([{ nodeId: 'a000', secret: SECRET, epoch: 7, usedAt: 3 }])).toEqual([
      { name: 'a000', nodeId: 'a000', usedAt: 3 },
    ]);
  });
});

/** A browser profile: settings, keys and locks that its tabs share. */
class FakeProfile {
  readonly settings = new MemorySettings();
  readonly keys = new MemoryKeyStore();
  readonly held = new Set<string>();
  /** Names of identities that have stored files. */
  readonly owners = new Set<string>();
  #random = 0;
  /** Called when a tab would wait for a lock; the lock is tried again afterwards. */
  whileWaiting: () => void = () => undefined;
  readonly locks: Locks = {
    take: async (name, waitMs) => {
      if (waitMs > 0 && this.held.has(name)) this.whileWaiting();
      if (this.held.has(name)) return undefined;
      this.held.add(name);
      return () => this.held.delete(name);
    },
  };

  open(tab: FakeTab | undefined, wantedId?: string, digits = 4): Promise<IdentityLease> {
    return this.#lease(tab, wantedId, this.locks, digits);
  }

  openWithoutLocks(tab: FakeTab, wantedId?: string): Promise<IdentityLease> {
    return this.#lease(tab, wantedId, undefined, 4);
  }

  async #lease(
    session: SessionNotes | undefined,
    wantedId: string | undefined,
    locks: Locks | undefined,
    digits: number,
  ) {
    const { settings, keys } = this;
    return leaseIdentity({
      ...{ settings, keys, locks, session, wantedId, keyKind: 'raw' },
      suite: await keySuite(),
      ring: { key: ring.ringKey, digits },
      ownsFiles: async (name) => this.owners.has(name),
      now: () => NOW_MS,
      randomHex: (bytes) => {
        this.#random += 1;
        return this.#random.toString(16).padStart(bytes * 2, '0');
      },
    });
  }
}

class FakeTab implements SessionNotes {
  readonly notes = new Map<string, string>();
  get(name: string): string | undefined {
    return this.notes.get(name);
  }
  set(name: string, text: string | undefined): void {
    if (text === undefined) this.notes.delete(name);
    else this.notes.set(name, text);
  }
  duplicate(): FakeTab {
    const copy = new FakeTab();
    for (const [name, text] of this.notes) copy.set(name, text);
    return copy;
  }
}

/** The Discovery node certifies that the identity's keys are a node's. */
async function certify(lease: IdentityLease, prefix: string, options: { readonly epoch?: number } = {}) {
  const { device } = lease;
  const certificate = await ring.certificate(nodeId(prefix), lease.keys, { device, ...options });
  await lease.certified(certificate);
  return certificate;
}

let profile: FakeProfile;
beforeEach(() => {
  profile = new FakeProfile();
});

describe('with locks', () => {
  test('the first tab asks for any id; all tabs of a profile have one device', async () => {
    const first = await profile.open(new FakeTab());
    const second = await profile.open(new FakeTab());
    expect(first).toMatchObject({ wantedId: undefined, certificate: undefined, former: undefined });
    expect(first.device).toMatch(/^[0-9a-f]{32}$/);
    expect(second.device).toBe(first.device);
  });

  test('an identity’s keys are kept before anybody is told of them', async () => {
    const lease = await profile.open(new FakeTab());
    expect(await profile.keys.get(lease.name)).toEqual(lease.keys.stored);
  });

  test('a new tab takes the identity that has files of its own, though another was opened after it', async () => {
    const sharing = await profile.open(new FakeTab());
    await certify(sharing, 'a');
    profile.owners.add(sharing.name);
    const reading = await profile.open(new FakeTab());
    await certify(reading, 'b');
    for (const lease of [sharing, reading]) lease.release();
    const back = await profile.open(new FakeTab());
    expect(back.name).toBe(sharing.name);
    expect((await profile.open(new FakeTab())).name).toBe(reading.name);
  });

  test('a new tab takes the identity of a closed one: its keys, its certificate and what it holds', async () => {
    const first = await profile.open(new FakeTab());
    const certificate = await certify(first, 'a');
    first.release();
    const second = await profile.open(new FakeTab());
    expect(second).toMatchObject({ wantedId: 'a000', certificate: encodeCertificate(certificate), name: first.name });
    expect(second.keys.signKey).toBe(first.keys.signKey);
    expect(second.former).toEqual({ nodeId: 'a000', keys: 'kept', isStandIn: false });
  });

  test('the latest of its certificates is kept', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    const renewed = await certify(first, 'a', { epoch: 2 });
    first.release();
    expect((await profile.open(new FakeTab())).certificate).toBe(encodeCertificate(renewed));
  });

  test('another ring is not shown a certificate of this one', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    first.release();
    ring = await Authority.create();
    expect(await profile.open(new FakeTab())).toMatchObject({ wantedId: 'a000', certificate: undefined });
  });

  test('two tabs never have one identity', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    const second = await profile.open(new FakeTab());
    expect(second.wantedId).toBe(undefined);
    expect(second.keys.signKey).not.toBe(first.keys.signKey);
    await certify(second, 'b');
    second.release();
    first.release();
    const [third, fourth] = await Promise.all([profile.open(new FakeTab()), profile.open(new FakeTab())]);
    expect([third.wantedId, fourth.wantedId].toSorted()).toEqual(['a000', 'b000']);
  });

  test('a reloaded tab comes back as itself, though its former page may still be ending', async () => {
    const tab = new FakeTab();
    const former = await profile.open(tab);
    await certify(former, 'a');
    const other = await profile.open(new FakeTab());
    await certify(other, 'b');
    other.release();
    profile.whileWaiting = () => former.release();
    expect((await profile.open(tab)).wantedId).toBe('a000');
  });

  test('a duplicated tab becomes another node', async () => {
    const tab = new FakeTab();
    await certify(await profile.open(tab), 'a');
    expect((await profile.open(tab.duplicate())).wantedId).toBe(undefined);
  });

  test('a tab that wants an id uses the identity of that id, or makes it', async () => {
    const first = await profile.open(new FakeTab(), 'b');
    expect(first).toMatchObject({ wantedId: 'b', certificate: undefined });
    const certificate = encodeCertificate(await certify(first, 'b'));
    first.release();
    expect(await profile.open(new FakeTab(), 'c')).toMatchObject({ wantedId: 'c', certificate: undefined });
    expect(await profile.open(new FakeTab(), 'b')).toMatchObject({ wantedId: 'b000', certificate });
    // Now in use: it is asked for without a proof, and the Discovery node assigns another.
    expect(await profile.open(new FakeTab(), 'b')).toMatchObject({ wantedId: 'b', certificate: undefined });
  });

  test('an identity that got another id keeps its name, and so what it holds', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    first.release();
    const second = await profile.open(new FakeTab());
    await certify(second, 'd');
    second.release();
    const third = await profile.open(new FakeTab());
    expect(third).toMatchObject({ name: first.name, wantedId: 'd000', former: { nodeId: 'd000', keys: 'kept' } });
  });

  test('a tab that got another id than it asked for is that after a reload too, and another tab asks for itself', async () => {
    const tab = new FakeTab();
    const first = await profile.open(tab, 'a');
    await certify(first, 'e');
    first.release();
    const again = await profile.open(tab, 'a');
    expect(again).toMatchObject({ name: first.name, wantedId: 'e000', former: { isStandIn: true } });
    again.release();
    expect(await profile.open(new FakeTab(), 'a')).toMatchObject({ wantedId: 'a', former: undefined });
  });

  test('a process alone with its directory is who it was last', async () => {
    const first = await profile.open(undefined, 'a');
    await certify(first, 'e');
    first.release();
    expect(await profile.open(undefined, 'a')).toMatchObject({ name: first.name, former: { isStandIn: true } });
  });

  test('an identity of a ring with other ids is left alone', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    first.release();
    expect(await profile.open(new FakeTab(), undefined, 32)).toMatchObject({ wantedId: undefined, former: undefined });
    expect((await profile.open(new FakeTab())).name).toBe(first.name);
  });

  test('an identity whose keys are gone gets new ones, and asks for its id without a proof', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    first.release();
    await profile.keys.delete(first.name);
    const second = await profile.open(new FakeTab());
    expect(second).toMatchObject({ name: first.name, wantedId: 'a000', certificate: undefined });
    expect(second.former).toEqual({ nodeId: 'a000', keys: 'lost', isStandIn: false });
    expect(second.keys.signKey).not.toBe(first.keys.signKey);
    expect(await profile.keys.get(first.name)).toEqual(second.keys.stored);
  });

  test('so does one whose keys work in another browser only', async () => {
    const first = await profile.open(new FakeTab());
    await certify(first, 'a');
    first.release();
    await profile.keys.set(first.name, { kind: 'browser', sign: {}, agree: {} });
    expect((await profile.open(new FakeTab())).former).toMatchObject({ keys: 'lost' });
  });

  test('an identity of an earlier version keeps its databases and asks for its id; its secret is forgotten', async () => {
    await profile.settings.set('identities', [{ nodeId: 'a000', secret: SECRET, epoch: 7, usedAt: 3 }]);
    const tab = new FakeTab();
    tab.set('tabring:identity', 'a000');
    const lease = await profile.open(tab);
    // That version names its databases after its id, and a tab that still runs it holds this lock.
    expect(lease).toMatchObject({ name: 'a000', wantedId: 'a000', certificate: undefined });
    expect(profile.held).toContain('tabring:identity:a000');
    expect(lease.former).toEqual({ nodeId: 'a000', keys: 'never', isStandIn: false });
    await certify(lease, 'd');
    expect(JSON.stringify(await profile.settings.get('identities'))).not.toContain(SECRET);
    lease.release();
    expect(await profile.open(tab)).toMatchObject({ name: 'a000', wantedId: 'd000', former: { keys: 'kept' } });
  });

  test('keys that belong to no identity are removed, but not those of a tab that is just registering', async () => {
    const registering = await profile.open(new FakeTab());
    const closed = await profile.open(new FakeTab());
    closed.release();
    const third = await profile.open(new FakeTab());
    await certify(third, 'a');
    expect((await profile.keys.names()).toSorted()).toEqual([registering.name, third.name].toSorted());
  });

  test('a tab stopped while it held the settings does not keep others from starting', async () => {
    profile.held.add('tabring:identities');
    const lease = await profile.open(new FakeTab());
    await certify(lease, 'a');
    expect(parseIdentities(await profile.settings.get('identities'))).toHaveLength(1);
  });

  test('nothing is left locked but the identity', async () => {
    const lease = await profile.open(new FakeTab());
    await certify(lease, 'a');
    expect([...profile.held]).toEqual([`tabring:identity:${lease.name}`]);
    lease.release();
    expect([...profile.held]).toEqual([]);
  });

  test('nor is it, if the keys cannot be kept', async () => {
    profile.keys.set = () => Promise.reject(new Error('disk full'));
    await expect(profile.open(new FakeTab())).rejects.toThrow('disk full');
    expect([...profile.held]).toEqual([]);
  });
});

describe('without locks', () => {
  test('a reloaded tab comes back as itself, with its keys', async () => {
    const tab = new FakeTab();
    const first = await profile.openWithoutLocks(tab);
    const certificate = encodeCertificate(await certify(first, 'a'));
    first.release();
    const second = await profile.openWithoutLocks(tab);
    expect(second).toMatchObject({ wantedId: 'a000', certificate, device: first.device, name: first.name });
    expect(second.keys.signKey).toBe(first.keys.signKey);
    expect(second.former).toMatchObject({ nodeId: 'a000', keys: 'kept' });
  });

  test('its keys are in its session only, and while it runs nowhere', async () => {
    const tab = new FakeTab();
    const lease = await profile.openWithoutLocks(tab);
    await certify(lease, 'a');
    expect(await profile.keys.names()).toEqual([]);
    expect(tab.notes.size).toBe(0);
    lease.release();
    expect(tab.notes.size).toBe(1);
    await profile.openWithoutLocks(tab);
    expect(tab.notes.size).toBe(0);
  });

  test('a new tab and a duplicated tab become other nodes', async () => {
    const tab = new FakeTab();
    await certify(await profile.openWithoutLocks(tab), 'a');
    expect((await profile.openWithoutLocks(new FakeTab())).wantedId).toBe(undefined);
    expect((await profile.openWithoutLocks(tab.duplicate())).wantedId).toBe(undefined);
  });

  test('a tab that wants another id than it had gets that; one that did not get it stays what it is', async () => {
    const tab = new FakeTab();
    const first = await profile.openWithoutLocks(tab);
    await certify(first, 'a');
    first.release();
    const second = await profile.openWithoutLocks(tab, 'b');
    expect(second).toMatchObject({ wantedId: 'b', certificate: undefined, former: undefined });
    await certify(second, 'e');
    second.release();
    expect(await profile.openWithoutLocks(tab, 'b')).toMatchObject({ wantedId: 'e000', former: { isStandIn: true } });
  });

  test('a note of an earlier version is taken over with new keys', async () => {
    const tab = new FakeTab();
    tab.set('tabring:identity', JSON.stringify({ nodeId: 'a000', secret: SECRET, epoch: 7, usedAt: 3 }));
    const lease = await profile.openWithoutLocks(tab);
    expect(lease).toMatchObject({ name: 'a000', wantedId: 'a000', former: { keys: 'never' } });
    await certify(lease, 'a');
    lease.release();
    expect(tab.get('tabring:identity')).not.toContain(SECRET);
  });

  test('a note that is no identity is ignored', async () => {
    for (const note of ['', '{', '{}', 'a000']) {
      const tab = new FakeTab();
      tab.set('tabring:identity', note);
      expect((await profile.openWithoutLocks(tab)).wantedId).toBe(undefined);
    }
  });
});

describe('Web Locks', () => {
  /** One lock, as the browser's lock manager would handle it. */
  function fakeManager(isHeld: boolean) {
    const log: string[] = [];
    const request: LockManager['request'] = async (name: string, ...rest: unknown[]) => {
      const [options, hold] = rest as [LockOptions, (lock: Lock | null) => unknown];
      if (isHeld && options.ifAvailable === true) return hold(null) as never;
      if (isHeld) throw new DOMException('signal timed out', 'TimeoutError');
      log.push(`taken ${name}`);
      await hold({ name, mode: 'exclusive' });
      log.push(`freed ${name}`);
      return undefined as never;
    };
    return { log, locks: webLocks({ request }) };
  }

  test('a free lock is held until it is freed', async () => {
    const { log, locks } = fakeManager(false);
    const free = await locks.take('x', 0);
    expect(log).toEqual(['taken x']);
    free?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(['taken x', 'freed x']);
  });

  test('a lock that another tab has is not waited for, or not longer than was said', async () => {
    const { locks } = fakeManager(true);
    expect(await locks.take('x', 0)).toBe(undefined);
    expect(await locks.take('x', 10)).toBe(undefined);
  });
});
