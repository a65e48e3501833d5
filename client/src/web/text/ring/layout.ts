// Where the marks of a scene go, in units of which the ring's radius is 100; at a zoom of 2 everything but the distances is half as
// large. Pure.

import { type Point, ringPoint } from '../ring-geometry.ts';
import type { Item } from './looked.ts';
import type { ObjectMark } from './objects.ts';
import type { Scene, SceneNode } from './scene.ts';
import { labelPlaces, lanes } from './spread.ts';

export const RADIUS = 100;
export const ZOOMS: readonly [number, ...number[]] = [1, 2, 4, 8];
/** Half of what is seen at zoom 1. */
const HALF_WIDTH = 150;
const HALF_HEIGHT = 134;
/** Where objects and the key of a lookup are, within the ring. */
const OBJECT_RADIUS = 66;
export const KEY_RADIUS = 76;
/** Inwards from the ring, one dot after the other where they would cover each other. */
const LANE = 11;
const LANES = 3;
/** Part of the ring that a dot takes, and a label of four characters beside the circle. */
const DOT_GAP = 1 / 75;
const LABEL_GAP = 1 / 34;
/** Half of the mark of a lookup's key, from its middle to a corner. */
export const KEY_HALF = 5.5;
/** Half of four characters as large as they are on a phone, with the line around them. */
const KEY_LABEL_HALF_WIDTH = 19;
const KEY_LABEL_HALF_HEIGHT = 7.5;
/** From the ring to its labels. */
const LABEL_DISTANCE = 14;
/** So close a pointer is on a mark. */
const REACH = 13;

export interface PlacedNode extends SceneNode {
  readonly at: Point;
  /** Undefined where there is no room for one. */
  readonly label:
    | { readonly at: Point; readonly anchor: 'start' | 'middle' | 'end'; readonly isAside: boolean }
    | undefined;
}

export interface PlacedObject extends ObjectMark {
  readonly at: Point;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly objects: readonly PlacedObject[];
  readonly pointById: ReadonlyMap<string, Point>;
}

/** `looked`: what is looked at gets a label before others. */
export function layoutOf({ nodes, objects }: Scene, zoom: number, looked: Item | undefined): Layout {
  const first = nodes.filter((node, index) => index === 0 || isBefore(node, looked));
  const ordered = [...first, ...nodes.filter((node) => !first.includes(node))];
  const fractions = ordered.map(({ fraction }) => fraction);
  const byLane = lanes(fractions, DOT_GAP / zoom, LANES);
  const labels = labelPlaces(fractions, LABEL_GAP / zoom);
  const placed = ordered.map((node, index): PlacedNode => {
    const place = labels[index];
    return {
      ...node,
      at: ringPoint(node.fraction, RADIUS - ((byLane[index] ?? 0) * LANE) / zoom),
      label: place === undefined ? undefined : labelAt(place, node.fraction, zoom),
    };
  });
  return {
    nodes: placed,
    objects: objects.map((object) => ({ ...object, at: ringPoint(object.fraction, OBJECT_RADIUS) })),
    pointById: new Map(placed.map(({ nodeId, at }) => [nodeId, at])),
  };
}

/** What of it is seen, as an SVG view box: all, or the arc around a place. */
export function viewBox(zoom: number, fraction: number): string {
  const { x, y } = zoom === 1 ? { x: 0, y: 0 } : ringPoint(fraction, RADIUS * (1 - 0.4 / zoom));
  const parts = [x - HALF_WIDTH / zoom, y - HALF_HEIGHT / zoom, (2 * HALF_WIDTH) / zoom, (2 * HALF_HEIGHT) / zoom];
  return parts.map((part) => part.toFixed(2)).join(' ');
}

/** Which mark a pointer is on. */
export function itemAt({ nodes, objects }: Layout, { x, y }: Point, zoom: number): Item | undefined {
  const all = [
    ...nodes.map(({ nodeId, fraction, at }) => ({ item: { kind: 'node', id: nodeId, fraction } as const, at })),
    ...objects.map(({ key, fraction, at }) => ({ item: { kind: 'object', id: key, fraction } as const, at })),
  ].map(({ item, at }) => ({ item, distance: Math.hypot(at.x - x, at.y - y) }));
  const nearest = all.reduce<(typeof all)[number] | undefined>(
    (best, each) => (best === undefined || each.distance < best.distance ? each : best),
    undefined,
  );
  return nearest !== undefined && nearest.distance <= REACH / zoom ? nearest.item : undefined;
}

/** Bent towards the middle, the more the longer: lines between close nodes leave the circle's line, and do not cross half of it. */
export function bentChord(a: Point, b: Point): string {
  const length = Math.hypot(a.x - b.x, a.y - b.y) / (2 * RADIUS);
  const bend = 0.85 - 0.5 * Math.min(1, 2 * length);
  const middle = { x: ((a.x + b.x) / 2) * bend, y: ((a.y + b.y) / 2) * bend };
  return `M ${points(a)} Q ${points(middle)} ${points(b)}`;
}

/** Short of `to` by so much, so that an arrow ends beside a dot. */
export function shortOf(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = length === 0 ? 0 : Math.max(0, length - by) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

/** The middle of the label of a lookup's key: inwards from its mark, as far as both are seen whole. */
export function keyLabelPoint(fraction: number, zoom: number): Point {
  const angle = fraction * 2 * Math.PI;
  const sideways = (KEY_LABEL_HALF_WIDTH + KEY_HALF) / Math.abs(Math.sin(angle));
  const upright = (KEY_LABEL_HALF_HEIGHT + KEY_HALF) / Math.abs(Math.cos(angle));
  return ringPoint(fraction, KEY_RADIUS - Math.min(sideways, upright) / zoom);
}

function isBefore({ nodeId, matching, change }: SceneNode, looked: Item | undefined): boolean {
  return matching !== undefined || change !== undefined || nodeId === looked?.id;
}

function labelAt(place: number, fraction: number, zoom: number): PlacedNode['label'] {
  const at = ringPoint(place, RADIUS + LABEL_DISTANCE / zoom);
  const sideways = Math.sin(place * 2 * Math.PI);
  const anchor = sideways > 0.15 ? 'start' : sideways < -0.15 ? 'end' : 'middle';
  return { at, anchor, isAside: place !== fraction };
}

function points({ x, y }: Point): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}
