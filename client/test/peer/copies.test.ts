// What a user is told of the copies of files: the truth, soon after it has changed; and what closing would cost.

import { describe, expect, it } from 'vitest';
import type { Holder } from '../../src/core/io.ts';
import type { OwnFile } from '../../src/peer/api.ts';
import { judge } from '../../src/peer/file-state.ts';
import type { FileState } from '../../src/peer/file-status.ts';
import { LEAVE_TIMEOUT_MS } from '../../src/peer/limits.ts';
import { id } from './ids.ts';
import { fileOf, TestRing } from './ring.ts';
import { someBytes } from './transfer-node.ts';

const NAMES = ['0a', '1b', '3c', '5d', '7e', '9f', 'b0', 'd1'];
/** After the ring knows. */
const SOON_MS = 10_000;
/** A silent death is noticed in so long. */
const DEATH_MS = 30_000;

describe('P39: a file is as safe as the least safe of its blocks', () => {
  const digest = 'd'.repeat(64);
  const held = (...names: string[]): { digest: string; holders: readonly Holder[] } => ({
    digest,
    holders: names.map((name) => ({ nodeId: id(name), device: `device ${name.at(0)}` })),
  });
  it.each<[FileState, string[][]]>([
    ['safe', [['0', '1', '2']]],
    ['safe', [['0', '1', '2', '3']]],
    ['copying', [['0', '1']]],
    ['copying', [['0', '1', '01']]],
    [
      'copying',
      [
        ['0', '1', '2'],
        ['0', '1'],
      ],
    ],
    ['at-risk', [['0', '01', '02']]],
    ['at-risk', [['1']]],
    ['at-risk', [['0', '1', '2'], ['1']]],
    ['only-here', [['0']]],
    ['only-here', [['0'], ['0', '1', '2']]],
    ['lost', [[]]],
    ['lost', [['0'], []]],
  ])('%s: %j', (state, blocks) => {
    expect(
      judge(
        blocks.map((names) => held(...names)),
        true,
        3,
        id('0'),
      ).state,
    ).toBe(state);
  });

  it('counts the least of the copies, and of the devices, up to the number wanted', () => {
    const blocks = [held('0', '1', '2', '3'), held('0', '01', '02'), held('0', '1', '2')];
    expect(judge(blocks, true, 3, id('0'))).toMatchObject({ copies: 3, devices: 1 });
    expect(judge(blocks, true, 3, id('0')).segments[0]).toEqual({ digest, copies: 3, devices: 3 });
  });

  it('is not known while one block is not, unless another is nowhere', () => {
    const unknown = { digest, holders: undefined };
    expect(judge([held('0', '1', '2'), unknown], true, 3, id('0')).state).toBe('unknown');
    expect(judge([held('0', '1', '2')], false, 3, id('0')).state).toBe('unknown');
    expect(judge([], true, 3, id('0')).state).toBe('unknown');
    expect(judge([held(), unknown], true, 3, id('0')).state).toBe('lost');
  });
});

describe('P39: the copies of own files are told as they are', () => {
  it('two of three holders go without a word, and then both come back', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '1b', '3c');
    await store(ring, '0a');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 3, devices: 3, state: 'safe' });
    ring.kill('1b');
    ring.kill('3c');
    await ring.time.pass(DEATH_MS + SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 1, devices: 1, state: 'only-here' });
    await ring.open('1b', '3c');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 3, devices: 3, state: 'safe' });
  });

  it('stored alone, and two join', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a');
    await store(ring, '0a');
    expect(own(ring, '0a')).toMatchObject({ copies: 1, state: 'only-here' });
    await ring.open('1b');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 2, state: 'copying' });
    await ring.open('3c');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 3, state: 'safe' });
  });

  it('three nodes of one device are three copies on one device, and at risk', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    ring.device = 'the-only-one';
    await ring.open('0a', '1b', '3c');
    await store(ring, '0a');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 3, devices: 1, state: 'at-risk' });
    expect(ring.node('0a').peer.safeToClose()).toMatchObject({ safe: false, lost: { files: [], blocks: 0 } });
    expect(ring.node('1b').peer.safeToClose()).toMatchObject({ safe: false, atRisk: { files: [], blocks: 4 } });
  });

  it('of a file that is held by others, and after a reload', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const fileId = await store(ring, '5d');
    await ring.time.pass(SOON_MS);
    expect(own(ring, '5d')).toMatchObject({ copies: 3, devices: 3, state: 'safe' });
    const [victim] = holdersOf(ring, fileId, '5d');
    ring.kill(victim ?? '');
    ring.node('5d').peer.goodbye();
    await ring.time.pass(100);
    await ring.start('5d');
    expect(own(ring, '5d')).toMatchObject({ copies: 0, state: 'unknown' });
    await ring.time.pass(DEATH_MS + 60_000);
    expect(own(ring, '5d')).toMatchObject({ copies: 3, state: 'safe' });
  });

  it('of a file that an earlier version stored, whose segments the ring has to name', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '1b', '3c', '5d');
    await store(ring, '0a', true);
    await ring.time.pass(SOON_MS);
    const { settings, peer } = ring.node('0a');
    peer.goodbye();
    const saved = peer.listFiles().own.map(({ fileId, name, type, size, storedAt }) => {
      return { fileId, name, type, size, storedAt, copies: 3, wanted: 3 };
    });
    await settings.set('own-files', saved);
    await ring.open('0a');
    await ring.time.pass(DEATH_MS + SOON_MS);
    expect(own(ring, '0a')).toMatchObject({ copies: 3, state: 'safe' });
    expect((await ring.node('0a').peer.fileStatus(saved[0]?.fileId ?? '')).segments).toHaveLength(4);
  });

  it('of a file of another node’s, when it is asked for, and no longer', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open(...NAMES);
    const fileId = await store(ring, '5d', true);
    const [holder] = holdersOf(ring, fileId, '');
    const asker = ring.node(NAMES.find((name) => name !== '5d' && name !== holder) ?? '').peer;
    const status = await ring.time.result(asker.fileStatus(fileId), 30_000);
    expect(status).toMatchObject({ fileId, wanted: 3, copies: 3, devices: 3, state: 'safe' });
    expect(status.segments.map(({ copies }) => copies)).toEqual([3, 3, 3, 3]);
    expect(asker.listFiles().own).toEqual([]);
    const missing = asker.fileStatus('0'.repeat(64));
    await expect(ring.time.result(missing, 60_000)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('P40: what closing would cost is said, and a leave says what it takes with it', () => {
  it('a node alone loses all; it says so, before and after', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a');
    await store(ring, '0a');
    const { peer } = ring.node('0a');
    const { safe, lost } = peer.safeToClose();
    expect([safe, lost.files.map(({ name }) => name), lost.blocks]).toEqual([false, ['a'], 0]);
    const report = await ring.time.result(peer.leave(), LEAVE_TIMEOUT_MS);
    expect(report.lost.files.map(({ name }) => name)).toEqual(['a']);
  });

  it('with others that have it all it is safe, and a leave takes nothing', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '1b', '3c');
    await store(ring, '0a');
    await ring.time.pass(SOON_MS);
    const { peer } = ring.node('0a');
    const nothing = { files: [], blocks: 0 };
    expect(peer.safeToClose()).toEqual({ safe: true, known: true, lost: nothing, atRisk: nothing });
    expect(ring.node('1b').peer.safeToClose()).toEqual({ safe: true, known: true, lost: nothing, atRisk: nothing });
    expect(await ring.time.result(peer.leave(), LEAVE_TIMEOUT_MS)).toEqual({ lost: nothing });
  });

  it('with one other it loses nothing, but few are left; the last one holds blocks of others', async () => {
    const ring = new TestRing({ segmentBytes: 100_000 });
    await ring.open('0a', '1b');
    await store(ring, '0a');
    await ring.time.pass(SOON_MS);
    const { peer } = ring.node('0a');
    expect(peer.safeToClose()).toMatchObject({ safe: false, lost: { files: [], blocks: 0 } });
    expect(peer.safeToClose().atRisk.files.map(({ name }) => name)).toEqual(['a']);
    await ring.time.result(peer.leave(), LEAVE_TIMEOUT_MS);
    await ring.time.pass(SOON_MS);
    expect(ring.node('1b').peer.safeToClose().lost).toEqual({ files: [], blocks: 4 });
  });
});

/** Three segments and a manifest. */
async function store(ring: TestRing, name: string, isPublic = false): Promise<string> {
  const { peer } = ring.node(name);
  const storing = peer.store(fileOf('a', someBytes(290_000, 4)), { isPublic });
  return (await ring.time.result(storing, 30_000)).fileId;
}

function own(ring: TestRing, name: string): OwnFile | undefined {
  return ring.node(name).peer.listFiles().own[0];
}

/** Who holds the manifest. */
function holdersOf(ring: TestRing, fileId: string, except: string): string[] {
  return [...ring.nodes.keys()].filter((name) => {
    return (
      name !== except &&
      ring
        .node(name)
        .peer.listFiles()
        .held.some(({ digest }) => digest === fileId)
    );
  });
}
