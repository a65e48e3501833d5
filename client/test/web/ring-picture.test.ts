import { describe, expect, it } from 'vitest';
import { ringFraction } from '../../src/web/text/ring-geometry.ts';
import { pictureText, ringPicture } from '../../src/web/text/ring-picture.ts';
import { DemoPeer, demoId } from './demo-peer.ts';

function inspectionOf(...prefixes: string[]) {
  const peer = new DemoPeer(prefixes);
  peer.activate();
  return peer.inspect();
}

describe('ringPicture', () => {
  it('shows a tab alone', () => {
    const picture = ringPicture(inspectionOf('3f2a'), undefined);
    expect(picture.nodes).toEqual([
      { nodeId: demoId('3f2a'), role: 'self', fraction: ringFraction(demoId('3f2a')), link: 'none', hasLabel: true },
    ]);
    expect(picture.leafArc).toBeUndefined();
  });

  it('shows each node once, the leaf set before other tables, with its link', () => {
    const picture = ringPicture(inspectionOf('3f2a', '81bc', '9d00'), undefined);
    expect(picture.nodes.map(({ nodeId, role, link }) => [nodeId.slice(0, 4), role, link])).toEqual([
      ['3f2a', 'self', 'none'],
      ['81bc', 'leaf', 'open'],
      ['9d00', 'leaf', 'open'],
    ]);
    expect(pictureText(picture)).toBe('Ring: this tab, 2 in its leaf set, 0 others known, 2 open links');
  });

  it('draws the leaf set all round if its halves overlap, else from its one end to its other', () => {
    const small = ringPicture(inspectionOf('3f2a', '81bc'), undefined).leafArc;
    expect(small?.start).toBe(small?.end);
    const prefixes = Array.from({ length: 20 }, (_, index) => (index * 12).toString(16).padStart(2, '0'));
    const large = inspectionOf(...prefixes);
    const arc = ringPicture(large, undefined).leafArc;
    expect(arc?.start).toBe(ringFraction(demoId(prefixes[12] ?? '')));
    expect(arc?.end).toBe(ringFraction(demoId(prefixes[8] ?? '')));
  });

  it('adds nodes that only a lookup passed', () => {
    const inspection = inspectionOf('3f2a', '81bc');
    const stranger = demoId('c0de');
    const lookup = { key: demoId('c0'), root: stranger, route: [demoId('3f2a'), stranger], hops: 1 };
    const roles = ringPicture(inspection, lookup).nodes.map(({ nodeId, role }) => [nodeId.slice(0, 4), role]);
    expect(roles).toContainEqual(['c0de', 'passed']);
    expect(roles).toContainEqual(['3f2a', 'self']);
  });
});
