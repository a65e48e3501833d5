// Who a tab is: identities of one browser profile, leased to its tabs one at a time.

import { beforeEach, describe, expect, test } from 'vitest';
import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { webLocks } from '../../src/stores/browser-identity.ts';
import { type IdentityLease, type Locks, leaseIdentity, type SessionNotes } from '../../src/stores/identity.ts';
import {
  candidates,
  isWanted,
  MAX_IDENTITIES,
  nextLife,
  parseIdentities,
  withRecord,
} from '../../src/stores/identity-book.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';

const NOW_MS = 1_700_000_000_000;
const SECRET = '5'.repeat(32);

function nodeId(prefix: string): NodeId {
  const id = idFromPrefix(prefix, 4);
  if (id === undefined) throw new Error(`${prefix} is no id`);
  return id;
}

const record = (prefix: string, usedAt: number, epoch = 1) => ({
  nodeId: nodeId(prefix),
  secret: SECRET,
  epoch,
  usedAt,
});

describe('the book of identities', () => {
  test('a tab comes back as itself, else as the latest used', () => {
    const book = [record('a', 1), record('b', 3), record('c', 2)];
    const ids = (former?: string) => candidates(book, undefined, former).map((each) => each.nodeId);
    expect(ids()).toEqual(['b000', 'c000', 'a000']);
    expect(ids('a000')).toEqual(['a000', 'b000', 'c000']);
    expect(ids('d000')).toEqual(['b000', 'c000', 'a000']);
  });

  test('an id or prefix that was asked for names one identity or none', () => {
    const book = [record('a', 1), record('ab', 2)];
    expect(candidates(book, 'A', 'ab00')).toEqual([record('a', 1)]);
    expect(candidates(book, 'ab00', undefined)).toEqual([record('ab', 2)]);
    expect(candidates(book, 'c', 'a000')).toEqual([]);
    expect(isWanted('ab00', 'ab0000')).toBe(false);
  });

  test('each life has a higher epoch, even if the records are lost between two', () => {
    const first = nextLife(undefined, nodeId('a'), SECRET, NOW_MS);
    const second = nextLife(first, nodeId('a'), SECRET, NOW_MS + 5);
    expect(second.epoch).toBe(first.epoch + 1);
    expect(nextLife(undefined, nodeId('a'), SECRET, NOW_MS + 3_600_000).epoch).toBeGreaterThan(second.epoch);
  });

  test('a record takes the place of its former life, and the longest unused makes room', () => {
    expect(withRecord([record('a', 1), record('b', 2)], record('a', 3, 2))).toEqual([
      record('a', 3, 2),
      record('b', 2),
    ]);
    const many = Array.from({ length: MAX_IDENTITIES }, (_, i) => ({ ...record('0', i), nodeId: `1${i}` }));
    const book = withRecord(many, record('a', MAX_IDENTITIES));
    expect(book).toHaveLength(MAX_IDENTITIES);
    expect(book.some(({ usedAt }) => usedAt === 0)).toBe(false);
  });

  test('what is no record is dropped', () => {
    const good = record('a', 1);
    const bad = [null, 7, {}, { ...good, nodeId: 'XY' }, { ...good, secret: '' }, { ...good, epoch: 1.5 }];
    expect(parseIdentities([...bad, good])).toEqual([good]);
    for (const value of [undefined, null, 'x', {}]) expect(parseIdentities(value)).toEqual([]);
  });
});

/** A browser profile: settings and locks that its tabs share. */
class FakeProfile {
  readonly settings = new MemorySettings();
  readonly held = new Set<string>();
  /** Called when a tab would wait for a lock; the lock is tried again afterwards. */
  whileWaiting: () => void = () => undefined;
  readonly locks: Locks = {
    take: async (name, waitMs) => {
      if (this.held.has(name) && waitMs > 0) this.whileWaiting();
      if (this.held.has(name)) return undefined;
      this.held.add(name);
      return () => this.held.delete(name);
    },
  };

  open(tab: FakeTab, wantedId?: string): Promise<IdentityLease> {
    return this.#lease(tab, wantedId, this.locks);
  }

  openWithoutLocks(tab: FakeTab, wantedId?: string): Promise<IdentityLease> {
    return this.#lease(tab, wantedId, undefined);
  }

  #lease(session: FakeTab, wantedId: string | undefined, locks: Locks | undefined): Promise<IdentityLease> {
    const randomHex = (bytes: number) => '7'.repeat(bytes * 2);
    return leaseIdentity({ settings: this.settings, locks, session, wantedId, now: () => NOW_MS, randomHex });
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

let profile: FakeProfile;
beforeEach(() => {
  profile = new FakeProfile();
});

describe('with locks', () => {
  test('the first tab asks for any id; all tabs of a profile have one device', async () => {
    const first = await profile.open(new FakeTab());
    const second = await profile.open(new FakeTab());
    expect(first).toMatchObject({ device: '7'.repeat(32), wantedId: undefined, secret: undefined });
    expect(second.device).toBe(first.device);
  });

  test('a new tab takes the identity of a closed one, in its next life', async () => {
    const first = await profile.open(new FakeTab());
    const life = await first.settle(nodeId('a'), SECRET);
    first.release();
    const second = await profile.open(new FakeTab());
    expect(second).toMatchObject({ wantedId: 'a000', secret: SECRET });
    expect(await second.settle(nodeId('a'), SECRET)).toEqual({ epoch: life.epoch + 1 });
  });

  test('two tabs never have one identity', async () => {
    const first = await profile.open(new FakeTab());
    await first.settle(nodeId('a'), SECRET);
    const second = await profile.open(new FakeTab());
    expect(second.wantedId).toBe(undefined);
    await second.settle(nodeId('b'), SECRET);
    second.release();
    first.release();
    const [third, fourth] = await Promise.all([profile.open(new FakeTab()), profile.open(new FakeTab())]);
    expect([third.wantedId, fourth.wantedId].toSorted()).toEqual(['a000', 'b000']);
  });

  test('a reloaded tab comes back as itself, though its former page may still be ending', async () => {
    const tab = new FakeTab();
    const former = await profile.open(tab);
    await former.settle(nodeId('a'), SECRET);
    const other = await profile.open(new FakeTab());
    await other.settle(nodeId('b'), SECRET);
    other.release();
    profile.whileWaiting = () => former.release();
    expect((await profile.open(tab)).wantedId).toBe('a000');
  });

  test('a duplicated tab becomes another node', async () => {
    const tab = new FakeTab();
    await (await profile.open(tab)).settle(nodeId('a'), SECRET);
    expect((await profile.open(tab.duplicate())).wantedId).toBe(undefined);
  });

  test('a tab that wants an id uses the identity of that id, or makes it', async () => {
    const first = await profile.open(new FakeTab(), 'b');
    expect(first).toMatchObject({ wantedId: 'b', secret: undefined });
    await first.settle(nodeId('b'), SECRET);
    first.release();
    expect(await profile.open(new FakeTab(), 'c')).toMatchObject({ wantedId: 'c', secret: undefined });
    expect(await profile.open(new FakeTab(), 'b')).toMatchObject({ wantedId: 'b000', secret: SECRET });
    // Now in use: it is asked for without a proof, and the Discovery node assigns another.
    expect(await profile.open(new FakeTab(), 'b')).toMatchObject({ wantedId: 'b', secret: undefined });
  });

  test('a tab that was assigned another id than it wanted frees the one it had leased', async () => {
    const first = await profile.open(new FakeTab());
    await first.settle(nodeId('a'), SECRET);
    first.release();
    const second = await profile.open(new FakeTab());
    await second.settle(nodeId('d'), SECRET);
    expect((await profile.open(new FakeTab())).wantedId).toBe('a000');
  });

  test('an id that a tab cut off from the Discovery node still uses is refused', async () => {
    await (await profile.open(new FakeTab(), 'a')).settle(nodeId('a'), SECRET);
    const second = await profile.open(new FakeTab(), 'a');
    await expect(second.settle(nodeId('a'), SECRET)).rejects.toMatchObject({ code: 'bad-id' });
  });

  test('a tab stopped while it held the settings does not keep others from starting', async () => {
    profile.held.add('tabring:identities');
    const lease = await profile.open(new FakeTab());
    expect(await lease.settle(nodeId('a'), SECRET)).toEqual({ epoch: NOW_MS / 1000 });
  });

  test('nothing is left locked but the identity', async () => {
    const lease = await profile.open(new FakeTab());
    await lease.settle(nodeId('a'), SECRET);
    expect([...profile.held]).toEqual(['tabring:identity:a000']);
    lease.release();
    expect([...profile.held]).toEqual([]);
  });
});

describe('without locks', () => {
  test('a reloaded tab comes back as itself, in its next life', async () => {
    const tab = new FakeTab();
    const first = await profile.openWithoutLocks(tab);
    const life = await first.settle(nodeId('a'), SECRET);
    first.release();
    const second = await profile.openWithoutLocks(tab);
    expect(second).toMatchObject({ wantedId: 'a000', secret: SECRET, device: first.device });
    expect(await second.settle(nodeId('a'), SECRET)).toEqual({ epoch: life.epoch + 1 });
  });

  test('a new tab and a duplicated tab become other nodes', async () => {
    const tab = new FakeTab();
    await (await profile.openWithoutLocks(tab)).settle(nodeId('a'), SECRET);
    expect((await profile.openWithoutLocks(new FakeTab())).wantedId).toBe(undefined);
    expect((await profile.openWithoutLocks(tab.duplicate())).wantedId).toBe(undefined);
  });

  test('a tab that wants another id than it had gets that', async () => {
    const tab = new FakeTab();
    const first = await profile.openWithoutLocks(tab);
    await first.settle(nodeId('a'), SECRET);
    first.release();
    expect(await profile.openWithoutLocks(tab, 'b')).toMatchObject({ wantedId: 'b', secret: undefined });
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
