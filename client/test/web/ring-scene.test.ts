import { describe, expect, it } from 'vitest';
import type { PeerEvent } from '../../src/peer/api.ts';
import { type RingFacts, ringFacts } from '../../src/web/text/ring/facts.ts';
import { itemAt, KEY_HALF, KEY_RADIUS, keyLabelPoint, layoutOf, viewBox } from '../../src/web/text/ring/layout.ts';
import { litOf } from '../../src/web/text/ring/lit.ts';
import { itemsOf, lookedLine, lookedText } from '../../src/web/text/ring/looked.ts';
import { type Happening, hopsOf, type Moment } from '../../src/web/text/ring/moment.ts';
import { momentText } from '../../src/web/text/ring/moment-text.ts';
import { holdingsOf } from '../../src/web/text/ring/objects.ts';
import { sceneOf } from '../../src/web/text/ring/scene.ts';
import { labelPlaces, lanes } from '../../src/web/text/ring/spread.ts';
import { ringFraction, ringPoint } from '../../src/web/text/ring-geometry.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

function factsOf(prefixes: readonly string[], held: readonly string[] = []): RingFacts {
  const peer = new DemoPeer(prefixes);
  peer.activate();
  const blocks = held.map((prefix) => ({ key: demoId(prefix), digest: `digest of ${prefix}`, size: 1 }));
  return ringFacts(peer.inspect(), { held: blocks });
}

/** One moment a second. */
function momentsOf(facts: RingFacts, ...happenings: Happening[]): readonly Moment[] {
  return happenings.map((happening, index) => ({ number: index + 1, at: index * 1_000, happening, facts }));
}

const told = (event: PeerEvent): Happening => ({ kind: 'event', event });
const nothing: Happening = { kind: 'changed', parts: ['links'] };
const lookup = { key: demoId('8d31'), root: demoId('8d9f'), route: ['3f2a', '81bc', '8d9f'].map(demoId), hops: 2 };
const SMALL = ['3f2a', '81bc', '9d00'];

describe('the scene', () => {
  it('shows a tab alone', () => {
    const scene = sceneOf(momentsOf(factsOf(['3f2a']), nothing), []);
    expect(scene.nodes).toMatchObject([{ nodeId: demoId('3f2a'), role: 'self', link: 'none', device: 0 }]);
    expect([scene.leafArc, scene.lookup, scene.flights]).toEqual([undefined, undefined, []]);
  });

  it('shows each node once, the leaf set before other tables, and marks whom others named', () => {
    const scene = sceneOf(momentsOf(factsOf(SMALL), ...hopsOf(lookup, undefined)), []);
    expect(scene.nodes.map(({ nodeId, role, matching }) => [nodeId.slice(0, 4), role, matching])).toEqual([
      ['3f2a', 'self', 0],
      ['81bc', 'leaf', 1],
      ['9d00', 'leaf', undefined],
      ['8d9f', 'heard', 2],
    ]);
  });

  it('walks a lookup hop by hop, keeps it for a while, and lets it go', () => {
    const facts = factsOf(SMALL);
    const walk = momentsOf(facts, ...hopsOf(lookup, 'routing-table'), nothing);
    const hops = walk.map((_, index) => sceneOf(walk.slice(0, index + 1), []).lookup?.hop);
    expect(hops).toEqual([0, 1, 2, 2]);
    const first = sceneOf(walk.slice(0, 1), []).nodes.flatMap(({ nodeId, matching }) =>
      matching === undefined ? [] : [[nodeId.slice(0, 4), matching]],
    );
    expect(first).toEqual([
      ['3f2a', 0],
      ['81bc', 1],
    ]);
    const later: Moment = { number: 9, at: 100_000, happening: nothing, facts };
    expect(sceneOf([...walk, later], []).lookup).toBeUndefined();
  });

  it('draws the leaf set all round if its halves overlap, else from its one end to its other', () => {
    const small = sceneOf(momentsOf(factsOf(['3f2a', '81bc']), nothing), []).leafArc;
    expect(small?.start).toBe(small?.end);
    const prefixes = Array.from({ length: 20 }, (_, index) => (index * 12).toString(16).padStart(2, '0'));
    const arc = sceneOf(momentsOf(factsOf(prefixes), nothing), []).leafArc;
    expect(arc?.start).toBe(ringFraction(demoId(prefixes[12] ?? '')));
    expect(arc?.end).toBe(ringFraction(demoId(prefixes[8] ?? '')));
  });

  it('tells a join, a suspicion and a death of the last second, and who is dead although no table has it', () => {
    const trace = (kind: 'leaf-added' | 'suspected' | 'failed', prefix: string): Happening =>
      told({ type: 'trace', event: { kind, nodeId: demoId(prefix) } });
    const moments = momentsOf(
      factsOf(SMALL),
      trace('leaf-added', '81bc'),
      trace('suspected', '9d00'),
      trace('failed', '47aa'),
    );
    const changes = sceneOf(moments, []).nodes.map(({ nodeId, change }) => [nodeId.slice(0, 4), change]);
    expect(changes).toEqual([
      ['3f2a', undefined],
      // Two seconds ago.
      ['81bc', undefined],
      ['9d00', 'suspected'],
      ['47aa', 'gone'],
    ]);
  });

  it('shows what passes through, from whom it came only where that is known', () => {
    const routed = (hop: number, origin: string): Happening =>
      told({
        type: 'trace',
        event: {
          ...{ kind: 'routed', what: 'lookup', key: demoId('8d31'), hop, rule: 'routing-table' },
          ...{ origin: demoId(origin), nextHop: demoId('9d00') },
        },
      });
    const flights = (happening: Happening) =>
      sceneOf(momentsOf(factsOf(SMALL), happening), []).flights.map(({ from, to, what }) => [
        from.slice(0, 4),
        to.slice(0, 4),
        what,
      ]);
    expect(flights(routed(0, '3f2a'))).toEqual([['3f2a', '9d00', 'question']]);
    expect(flights(routed(1, '81bc'))).toEqual([
      ['81bc', '3f2a', 'question'],
      ['3f2a', '9d00', 'question'],
    ]);
    expect(flights(routed(2, '47aa'))[0]).toEqual(['47aa', '3f2a', 'before']);
  });

  it('shows blocks at their keys, close ones as one, and who was told to have copies', () => {
    const facts = factsOf(SMALL, ['8d31', '8d32', '1000']);
    const moments = momentsOf(
      facts,
      told({
        type: 'trace',
        event: { kind: 'handed-over', digest: 'digest of 8d32', key: demoId('8d32'), peer: demoId('9d00') },
      }),
      told({ type: 'sent', nodeId: demoId('47aa'), digest: 'digest of 1000', size: 1 }),
      told({
        type: 'trace',
        event: { kind: 'dropped', digest: 'digest of 1000', key: demoId('1000'), peer: undefined },
      }),
    );
    const { objects, nodes } = sceneOf(moments, holdingsOf(moments));
    expect(objects.map(({ key, digests, heardOf }) => [key.slice(0, 4), digests.length, heardOf])).toEqual([
      ['1000', 1, [demoId('47aa')]],
      ['8d31', 2, [demoId('9d00')]],
    ]);
    expect(nodes.find(({ nodeId }) => nodeId === demoId('47aa'))?.role).toBe('heard');
  });
});

describe('a node that has gone', () => {
  const gone = demoId('47aa');
  const facts = factsOf(SMALL, ['1000']);
  const trace = (event: Extract<PeerEvent, { type: 'trace' }>['event']): Happening => told({ type: 'trace', event });
  const took: Happening = told({ type: 'sent', nodeId: gone, digest: 'digest of 1000', size: 1 });
  /** What it is in the picture at each moment, two seconds apart, and whether a thread leads to it. */
  const pictures = (...happenings: Happening[]) => {
    const moments = momentsOf(facts, ...happenings).map((moment) => ({ ...moment, at: moment.at * 2 }));
    return moments.map((_, index) => {
      const until = moments.slice(0, index + 1);
      const { nodes, objects } = sceneOf(until, holdingsOf(until));
      const isHolder = objects.some(({ heardOf }) => heardOf.includes(gone));
      return `${nodes.find(({ nodeId }) => nodeId === gone)?.role ?? 'none'}${isHolder ? ', has copies' : ''}`;
    });
  };

  it.each(['departed', 'failed'] as const)(
    'is drawn as it goes and no more, without copies, and before as it was: %s',
    (kind) => {
      const down: Happening = told({ type: 'link', nodeId: gone, state: 'down', message: '' });
      expect(pictures(took, nothing, trace({ kind, nodeId: gone }), nothing, down)).toEqual([
        'heard, has copies',
        'heard, has copies',
        'gone',
        'none',
        'none',
      ]);
    },
  );

  it('is back once it shows that it lives, with what it had', () => {
    const left = trace({ kind: 'failed', nodeId: gone });
    for (const sign of [
      trace({ kind: 'leaf-added', nodeId: gone }),
      trace({ kind: 'entry-added', nodeId: gone, row: 0, column: '4' }),
      told({ type: 'link', nodeId: gone, state: 'up', message: '' }),
    ])
      expect(pictures(took, left, nothing, sign, nothing).slice(2)).toEqual([
        'none',
        'heard, has copies',
        'heard, has copies',
      ]);
    // In a table, of which nothing was told.
    const member = momentsOf(facts, trace({ kind: 'failed', nodeId: demoId('9d00') }), nothing, nothing, nothing);
    expect(sceneOf(member, []).nodes.find(({ nodeId }) => nodeId === demoId('9d00'))?.role).toBe('leaf');
  });

  it('is not drawn for a link that outlives it', () => {
    const link = { nodeId: gone, way: 'direct' } as const;
    const withLink = { ...facts, links: [...facts.links, link] };
    const roleAfter = (...happenings: Happening[]) =>
      sceneOf(momentsOf(withLink, ...happenings), []).nodes.find(({ nodeId }) => nodeId === gone)?.role;
    expect(roleAfter(nothing)).toBe('known');
    expect(roleAfter(trace({ kind: 'departed', nodeId: gone }), nothing, nothing, nothing)).toBeUndefined();
  });

  it('is drawn on the way of a lookup that others still sent by it', () => {
    const [first, second] = hopsOf({ ...lookup, route: ['3f2a', '47aa', '8d9f'].map(demoId) }, undefined);
    if (first === undefined || second === undefined) throw new Error('two hops');
    const left = trace({ kind: 'failed', nodeId: gone });
    expect(pictures(took, left, first, second, nothing)).toEqual([
      'heard, has copies',
      'gone',
      'heard',
      'heard',
      'none',
    ]);
  });
});

describe('facts', () => {
  it('that have not changed are the same object', () => {
    const peer = new DemoPeer(SMALL);
    peer.activate();
    const before = ringFacts(peer.inspect(), { held: [] });
    expect(ringFacts(peer.inspect(), { held: [] }, before)).toBe(before);
    const after = ringFacts(peer.inspect(), { held: [{ key: demoId('1'), digest: 'd', size: 1 }] }, before);
    expect(after).not.toBe(before);
    expect(after.leafSet).toBe(before.leafSet);
  });
});

describe('words', () => {
  it('say of a hop which digits match, and by which rule this tab chose; of others’ rules only what is seen', () => {
    const texts = momentsOf(factsOf(SMALL), ...hopsOf(lookup, 'routing-table')).map(
      (moment) => momentText(moment).text,
    );
    expect(texts).toEqual([
      'Hop 1: 3f2a… asks 81bc… It has the first digit of the key right; before it was no digit. Rule: this tab’s routing table, row 0 (digits right so far), column 8 (the key’s next digit).',
      'Hop 2: 81bc… asks 8d9f… It has the first 2 digits of the key right; before it was the first digit. By the tables of 81bc…: this tab sees its choice, not its tables.',
      '8d9f… answers: it is the root of 8d31…, no node is closer.',
    ]);
  });

  it('tell all about a node and an object', () => {
    const facts = factsOf(SMALL, ['8d31']);
    const moments = momentsOf(facts, nothing);
    const scene = sceneOf(moments, [{ digest: 'digest of 8d31', nodeId: demoId('9d00') }]);
    const lines = itemsOf(scene).map((item) => {
      const text = lookedText(item, scene, facts);
      return text && lookedLine(text).replaceAll(/[0-9a-f]{32}/g, 'id');
    });
    expect(lines).toEqual([
      'Node 3f2a…; Id: id; To this tab: this tab',
      'Node 81bc…; Id: id; To this tab: in this tab’s leaf set; Leaf set: number 1 clockwise; Leaf set: number 2 counterclockwise; Routing table: row 0, column 8; Digits in common: 0; Link: direct; Device: another one',
      'Block at key 8d31…; Digest: dige…; Here: this tab holds it; Elsewhere: 9d00…, when it was last told; Closest known: 81bc…',
      'Node 9d00…; Id: id; To this tab: in this tab’s leaf set; Leaf set: number 2 clockwise; Leaf set: number 1 counterclockwise; Routing table: row 0, column 9; Digits in common: 0; Link: over a TURN server; Device: another one; Copies there: 1 block of those here, when it was last told',
    ]);
  });
});

describe('the tables beside it', () => {
  it('light up where a message went on: the cell, or the leaf', () => {
    const facts = factsOf(SMALL);
    const [first, second] = momentsOf(facts, ...hopsOf(lookup, 'routing-table'));
    if (first === undefined || second === undefined) throw new Error('two hops');
    expect([...litOf([first], undefined).cells]).toEqual(['0 8']);
    expect([...litOf([first, second], undefined).cells]).toEqual([]);
    const byLeaf = momentsOf(facts, ...hopsOf(lookup, 'leaf-set')).slice(0, 1);
    expect([...litOf(byLeaf, undefined).nodeIds]).toEqual([demoId('81bc')]);
    expect([...litOf([second], demoId('9d00')).nodeIds]).toEqual([demoId('9d00')]);
  });
});

describe('places', () => {
  it('of labels do not cover each other; who has no room gets none', () => {
    const places = labelPlaces([0.5, 0.501, 0.502, 0.503, 0.504, 0.505, 0.506, 0.9], 0.03);
    expect(places[0]).toBe(0.5);
    expect(places.at(-1)).toBe(0.9);
    const placed = places.filter((place) => place !== undefined).sort();
    expect(placed.length).toBeLessThan(8);
    for (const [index, place] of placed.slice(1).entries())
      expect(place - (placed[index] ?? 0)).toBeGreaterThanOrEqual(0.0299);
    expect(lanes([0.5, 0.501, 0.502, 0.503, 0.9], 0.01, 3)).toEqual([0, 1, 2, 2, 0]);
  });

  it('of the label of a key are beside its mark, not on it, all round', () => {
    // Four characters of 14.4 at most (1.25 times 11.5), 0.6 of that wide each, with half of the line around them.
    const half = { x: (4 * 0.6 * 14.4) / 2 + 1.5, y: 14.4 / 2 };
    for (const zoom of [1, 4])
      for (let step = 0; step < 64; step += 1) {
        const mark = ringPoint(step / 64, KEY_RADIUS);
        const label = keyLabelPoint(step / 64, zoom);
        const [x, y] = [Math.abs(label.x - mark.x) * zoom, Math.abs(label.y - mark.y) * zoom];
        expect(x >= half.x + KEY_HALF || y >= half.y + KEY_HALF, `at ${step} of 64, zoom ${zoom}`).toBe(true);
        // And belongs to it.
        expect(Math.hypot(x, y)).toBeLessThan(30);
      }
  });

  it('are found under a pointer, and nearer ones apart at a larger zoom', () => {
    const close = factsOf(['1804', '1807', '9d00']);
    const scene = sceneOf(momentsOf(close, nothing), []);
    const layout = layoutOf(scene, 1, undefined);
    const other = layout.pointById.get(demoId('1807'));
    const self = layout.pointById.get(demoId('1804'));
    if (other === undefined || self === undefined) throw new Error('both are placed');
    expect(Math.hypot(other.x - self.x, other.y - self.y)).toBeGreaterThan(9);
    expect(itemAt(layout, other, 1)?.id).toBe(demoId('1807'));
    expect(itemAt(layout, { x: 0, y: 0 }, 1)).toBeUndefined();
    expect(layout.nodes.every(({ label }) => label !== undefined)).toBe(true);
    expect(viewBox(1, 0.3)).toBe('-150.00 -134.00 300.00 268.00');
    expect(viewBox(4, 0)).toBe('-37.50 -123.50 75.00 67.00');
  });
});
