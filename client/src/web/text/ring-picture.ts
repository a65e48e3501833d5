// What the picture of the ring shows of an inspection: nodes with their roles and places, links, the leaf set's arc. Pure.

import type { NodeId } from '../../core/pastry/id.ts';
import type { LookupResult, PeerInspection } from '../../peer/api.ts';
import { labelled, ringFraction } from './ring-geometry.ts';
import { ringWords } from './words/en/ring.ts';

/** self; leaf: in the leaf set; known: in another table; passed: seen on a lookup's route only. */
type NodeRole = 'self' | 'leaf' | 'known' | 'passed';

export interface PictureNode {
  readonly nodeId: NodeId;
  readonly role: NodeRole;
  /** How far round the ring, 0 to 1 (ring-geometry). */
  readonly fraction: number;
  /** This tab's link to it. */
  readonly link: 'open' | 'connecting' | 'relayed' | 'none';
  readonly hasLabel: boolean;
}

export interface RingPicture {
  /** This tab first, its leaf set closest first, then the rest. */
  readonly nodes: readonly PictureNode[];
  /** The range of the leaf set, clockwise; start and end are equal if it reaches all round. Undefined without leaves. */
  readonly leafArc: { readonly start: number; readonly end: number } | undefined;
}

/** Part of the ring that a label takes: four characters beside the circle. */
const LABEL_GAP = 1 / 36;

export function ringPicture(inspection: PeerInspection, lookup: LookupResult | undefined): RingPicture {
  const roleById = new Map<NodeId, NodeRole>([[inspection.nodeId, 'self']]);
  const add = (nodeIds: readonly NodeId[], role: NodeRole): void => {
    for (const nodeId of nodeIds) if (!roleById.has(nodeId)) roleById.set(nodeId, role);
  };
  const { cw, ccw } = inspection.leafSet;
  add(interleave(cw, ccw), 'leaf');
  add(lookup?.route ?? [], 'passed');
  add(
    inspection.routingTable.map((entry) => entry.nodeId),
    'known',
  );
  add(inspection.neighborhoodSet, 'known');
  add(
    inspection.links.map((link) => link.nodeId),
    'known',
  );
  const known = new Set([...inspection.routingTable.map((entry) => entry.nodeId), ...inspection.neighborhoodSet]);
  const linkById = new Map(inspection.links.map((link) => [link.nodeId, link.state]));
  const entries = [...roleById];
  const fractions = entries.map(([nodeId]) => ringFraction(nodeId));
  const labels = labelled(fractions, LABEL_GAP);
  return {
    nodes: entries.map(([nodeId, role], index) => ({
      nodeId,
      role: role === 'passed' && known.has(nodeId) ? 'known' : role,
      fraction: fractions[index] ?? 0,
      link: linkById.get(nodeId) ?? 'none',
      hasLabel: labels[index] ?? false,
    })),
    leafArc: leafArc(cw, ccw),
  };
}

/** The picture in words, for who cannot see it. */
export function pictureText(picture: RingPicture): string {
  const count = (role: NodeRole): number => picture.nodes.filter((node) => node.role === role).length;
  const links = picture.nodes.filter((node) => node.link === 'open').length;
  return ringWords().picture(count('leaf'), count('known'), links);
}

function leafArc(cw: readonly NodeId[], ccw: readonly NodeId[]): RingPicture['leafArc'] {
  const end = cw.at(-1);
  const start = ccw.at(-1);
  if (start === undefined || end === undefined) return undefined;
  // In a small ring the halves overlap: the leaf set then reaches all round.
  const isWhole = cw.some((nodeId) => ccw.includes(nodeId));
  return { start: ringFraction(start), end: isWhole ? ringFraction(start) : ringFraction(end) };
}

function interleave(a: readonly NodeId[], b: readonly NodeId[]): readonly NodeId[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => [a[index], b[index]])
    .flat()
    .filter((nodeId) => nodeId !== undefined);
}
