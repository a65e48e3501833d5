import { describe, expect, test } from 'vitest';
import { Happenings, type Loudness } from '../../src/prompt/happenings.ts';
import { StillPeer } from './still-peer.ts';

const DIGEST = 'ab'.repeat(32);

function setUp(loudness: Loudness = 'changes') {
  const peer = new StillPeer(['1000', '5000', 'a000']);
  const [, five = peer.nodeId, ten = peer.nodeId] = peer.ids;
  const lines: string[] = [];
  const happenings = new Happenings(peer, (line) => lines.push(line), loudness);
  const join = (): void => {
    peer.trace({ kind: 'leaf-added', nodeId: five });
    peer.trace({ kind: 'joined', route: [peer.nodeId, five, ten] });
    peer.emit({ type: 'status', status: 'active' });
  };
  const told = (act: () => void): readonly string[] => {
    lines.length = 0;
    act();
    return [...lines];
  };
  return { peer, five, ten, happenings, join, told };
}

describe('what happens is printed', () => {
  test('on joining: the route of the join, and the tables', () => {
    const { join, told } = setUp();
    const lines = told(join);
    expect(lines.slice(0, 8)).toEqual([
      ...['route of the join', '  0 1000', '  1 5000', '  2 a000', 'active'],
      ...['leaf set: 2 of 2', '  5000  clockwise', '  a000  clockwise'],
    ]);
    expect(lines[8]).toMatch(/^routing table: 2 entries/);
    expect(lines).toHaveLength(14);
  });

  test('on updates of the tables: the changes, once for a burst of events', () => {
    const { peer, five, join, told } = setUp();
    join();
    const fewer = told(() => {
      peer.ids = peer.ids.filter((id) => id !== five);
      peer.trace({ kind: 'leaf-removed', nodeId: five });
      peer.trace({ kind: 'entry-removed', nodeId: five, row: 0, column: '5' });
      peer.trace({ kind: 'failed', nodeId: five });
    });
    expect(fewer).toEqual(['leaf set: - 5000', 'routing table: row 0, column 5: empty', 'node 5000 failed']);
  });

  test('all of the tables, if that is wished', () => {
    const { peer, five, join, told } = setUp('all');
    join();
    const lines = told(() => {
      peer.ids = peer.ids.filter((id) => id !== five);
      peer.trace({ kind: 'leaf-removed', nodeId: five });
      peer.trace({ kind: 'entry-removed', nodeId: five, row: 0, column: '5' });
    });
    expect(lines.slice(0, 5)).toEqual([
      ...['leaf set: - 5000', 'routing table: row 0, column 5: empty'],
      ...['leaf set: 1 of 2', '  a000  clockwise', 'routing table: 1 entry (- empty, * own digit)'],
    ]);
    expect(lines).toHaveLength(10);
  });

  test('queries that pass: type, key, hop number, next hop', () => {
    const { peer, five, ten, told } = setUp();
    const routed = { kind: 'routed', key: five, origin: ten, hop: 1, nextHop: five, rule: 'leaf-set' } as const;
    const lines = told(() => {
      peer.trace({ ...routed, what: 'lookup' });
      peer.trace({ ...routed, what: 'join', hop: 2, nextHop: undefined, rule: 'root' });
      peer.trace({ ...routed, what: 'locate', hop: 0 });
      peer.trace({ ...routed, what: 'signal' });
    });
    expect(lines).toEqual([
      'lookup: key 5000, from a000, hop 1, next hop 5000',
      'join: key 5000, from a000, hop 2, next hop none, this node is the root',
      'search: key 5000, from a000, hop 0, next hop 5000',
    ]);
  });

  test('blocks that come, go and are sent', () => {
    const { peer, five, told } = setUp();
    const block = { digest: DIGEST, key: five, peer: five };
    const lines = told(() => {
      peer.trace({ kind: 'held', ...block });
      peer.trace({ kind: 'held', ...block, peer: undefined });
      peer.trace({ kind: 'dropped', ...block, peer: undefined });
      peer.trace({ kind: 'lost', ...block, peer: undefined });
      peer.trace({ kind: 'handed-over', ...block });
      peer.emit({ type: 'sent', nodeId: five, digest: DIGEST, size: 65_536 });
      peer.emit({ type: 'files' });
    });
    expect(lines).toEqual([
      `stored here: block ${DIGEST}, key 5000, from 5000`,
      `stored here: block ${DIGEST}, key 5000`,
      `no longer here: block ${DIGEST}, key 5000, others hold it`,
      `lost here: block ${DIGEST}, key 5000, missing or damaged`,
      `handed over: block ${DIGEST}, key 5000, to 5000`,
      `sent: block ${DIGEST}, 66 KB, to 5000`,
    ]);
  });

  test('the Discovery node’s coming and going', () => {
    const { peer, told } = setUp();
    const lines = told(() => {
      peer.emit({ type: 'discovery', state: 'away', message: '' });
      peer.emit({ type: 'discovery', state: 'registered', message: '' });
      peer.emit({ type: 'discovery', state: 'removed', message: 'by the operator' });
      peer.emit({ type: 'status', status: 'left' });
    });
    expect(lines).toEqual(['the Discovery node is away', 'removed by the Discovery node: by the operator', 'left']);
  });

  test('nothing, if that is wished; later only what is new then', () => {
    const { peer, five, ten, happenings, join, told } = setUp();
    join();
    happenings.loudness = 'none';
    const silence = told(() => {
      peer.ids = peer.ids.filter((id) => id !== five);
      peer.trace({ kind: 'leaf-removed', nodeId: five });
    });
    expect(silence).toEqual([]);
    happenings.loudness = 'changes';
    const again = told(() => {
      peer.ids = peer.ids.filter((id) => id !== ten);
      peer.trace({ kind: 'leaf-removed', nodeId: ten });
    });
    expect(again).toEqual(['leaf set: - a000', 'routing table: row 0, column a: empty']);
  });

  test('misdeeds of others, by name', () => {
    const { peer, five, told } = setUp();
    const misdeed = { type: 'misdeed', nodeId: five, what: 'bytes nobody asked for' } as const;
    expect(told(() => peer.emit({ ...misdeed, count: 1 }))).toEqual(['misdeed: node 5000: bytes nobody asked for']);
    expect(told(() => peer.emit({ ...misdeed, count: 10 }))).toEqual([
      'misdeed: node 5000: bytes nobody asked for, 10 times',
    ]);
  });
});
