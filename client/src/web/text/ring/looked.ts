// All that this tab knows of one node or object of the picture, in words. Pure.

import { closestId, type NodeId } from '../../../core/pastry/id.ts';
import { shortId } from '../short-id.ts';
import { livingWords } from '../words/en/living.ts';
import type { RingFacts } from './facts.ts';
import type { ObjectMark } from './objects.ts';
import { type Scene, type SceneNode, sharedDigits } from './scene.ts';

/** What is looked at: a node by its id, an object by its key. */
export interface Item {
  readonly kind: 'node' | 'object';
  readonly id: string;
  /** How far round the ring. */
  readonly fraction: number;
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface LookedText {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** All that can be looked at, clockwise from 0. */
export function itemsOf({ nodes, objects }: Scene): readonly Item[] {
  return [
    ...nodes.map(({ nodeId, fraction }) => ({ kind: 'node', id: nodeId, fraction }) as const),
    ...objects.map(({ key, fraction }) => ({ kind: 'object', id: key, fraction }) as const),
  ].sort((a, b) => a.fraction - b.fraction);
}

/** Undefined if it is no longer there. */
export function lookedText(item: Item, scene: Scene, facts: RingFacts): LookedText | undefined {
  if (item.kind === 'node') {
    const node = scene.nodes.find(({ nodeId }) => nodeId === item.id);
    return node && nodeText(node, scene, facts);
  }
  const object = scene.objects.find(({ key }) => key === item.id);
  return object && objectText(object, scene);
}

/** In one line, for who hears it. */
export function lookedLine({ title, facts }: LookedText): string {
  return [title, ...facts.map(({ name, value }) => `${name}: ${value}`)].join('; ');
}

function nodeText(node: SceneNode, { objects }: Scene, facts: RingFacts): LookedText {
  const words = livingWords();
  const { nodeId, role, link, device } = node;
  const held = objects
    .filter(({ heardOf }) => heardOf.includes(nodeId))
    .reduce((sum, { digests }) => sum + digests.length, 0);
  const cells = facts.routingTable.filter((entry) => entry.nodeId === nodeId);
  const isSelf = role === 'self';
  const list: (Fact | undefined)[] = [
    { name: words.factId, value: nodeId },
    { name: words.factRole, value: words.roles[role] },
    ...leafPlaces(nodeId, facts),
    ...cells.map(({ row, column }) => ({ name: words.factCell, value: words.cellOf(row, column) })),
    isSelf ? undefined : { name: words.factShared, value: words.shared(sharedDigits(nodeId, facts.nodeId)) },
    isSelf ? undefined : { name: words.factLink, value: words.ways[link] },
    isSelf || device === undefined ? undefined : { name: words.factDevice, value: words.devices(device === 0) },
    held === 0 ? undefined : { name: words.factHolds, value: words.holds(held) },
  ];
  return { title: words.nodeOf(shortId(nodeId)), facts: list.filter((fact) => fact !== undefined) };
}

function leafPlaces(nodeId: NodeId, { leafSet: { cw, ccw } }: RingFacts): readonly Fact[] {
  const { factLeaf, clockwiseAt, counterclockwiseAt } = livingWords();
  return [
    ...(cw.includes(nodeId) ? [{ name: factLeaf, value: clockwiseAt(cw.indexOf(nodeId) + 1) }] : []),
    ...(ccw.includes(nodeId) ? [{ name: factLeaf, value: counterclockwiseAt(ccw.indexOf(nodeId) + 1) }] : []),
  ];
}

function objectText({ key, digests, heardOf }: ObjectMark, { nodes }: Scene): LookedText {
  const words = livingWords();
  const [first = ''] = digests;
  // Who was only heard of may be gone, too.
  const known = nodes.filter(({ role }) => role !== 'heard' && role !== 'gone').map(({ nodeId }) => nodeId);
  const closest = closestId(key, known);
  const elsewhere = heardOf.length === 0 ? words.elsewhereUnknown : words.elsewhere(heardOf.map(shortId).join(', '));
  return {
    title: digests.length === 1 ? words.blockAt(shortId(key)) : words.blocksAt(shortId(key), digests.length),
    facts: [
      ...(digests.length === 1 ? [{ name: words.factDigest, value: shortId(first) }] : []),
      { name: words.factHere, value: words.here },
      { name: words.factElsewhere, value: elsewhere },
      ...(closest === undefined ? [] : [{ name: words.factClosest, value: shortId(closest) }]),
    ],
  };
}
