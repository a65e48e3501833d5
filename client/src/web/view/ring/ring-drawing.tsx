// What is drawn of a scene: from the ring's line at the bottom to what happens on top.

import type { RingStage } from '../../model/ring-stage.ts';
import {
  bentChord,
  KEY_HALF,
  KEY_RADIUS,
  keyLabelPoint,
  type Layout,
  type PlacedObject,
  RADIUS,
  shortOf,
} from '../../text/ring/layout.ts';
import { sharedDigits } from '../../text/ring/scene.ts';
import { arcPath, type Point, ringFraction, ringPoint } from '../../text/ring-geometry.ts';
import { shortId } from '../../text/short-id.ts';
import { NodeMark } from './node-mark.tsx';

const TICK_RADIUS = 90;
/** So far from a dot's middle arrows end. */
const DOT = 7;

interface DrawingProps {
  readonly stage: RingStage;
  readonly layout: Layout;
}

export function RingDrawing({ stage, layout }: DrawingProps) {
  const scene = stage.scene.value;
  const looked = stage.looked.value;
  const unit = 1 / stage.zoom.value;
  const self = layout.nodes[0];
  const mates = layout.nodes.find(({ nodeId }) => nodeId === looked?.id)?.device;
  return (
    <>
      <circle class="ring-line" r={RADIUS} />
      {scene.leafArc === undefined ? null : (
        <path class="leaf-arc" d={arcPath(scene.leafArc.start, scene.leafArc.end, RADIUS)} />
      )}
      {['0', '4', '8', 'c'].map((digit) => (
        <Tick key={digit} digit={digit} />
      ))}
      {self === undefined
        ? null
        : layout.nodes.map(({ nodeId, link, at }) =>
            link === 'none' ? null : (
              <path
                key={nodeId}
                class={`link link-${link} ${looked?.id === nodeId ? 'looked' : ''}`}
                d={bentChord(self.at, at)}
              />
            ),
          )}
      {layout.objects.map((object) => (
        <ObjectView key={object.key} object={object} layout={layout} isLooked={looked?.id === object.key} unit={unit} />
      ))}
      {/* Last is on top: the nodes that matter more cover those that matter less. */}
      {layout.nodes.toReversed().map((node) => (
        <NodeMark
          key={node.nodeId}
          node={node}
          unit={unit}
          isLooked={looked?.id === node.nodeId}
          isMate={mates !== undefined && node.device === mates && node.nodeId !== looked?.id}
        />
      ))}
    </>
  );
}

/** What moves lies on a sheet of its own above the rest, so that the rest need not be painted anew at each frame. */
export function RingMotion({ stage, layout }: DrawingProps) {
  const scene = stage.scene.value;
  const unit = 1 / stage.zoom.value;
  return (
    <>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto">
          <path class="arrow" d="M 0 0 L 8 4 L 0 8 z" />
        </marker>
      </defs>
      <Route stage={stage} layout={layout} unit={unit} />
      {/* The way leads past its key, whose digits are to be read. */}
      <LookupKey stage={stage} unit={unit} />
      {scene.flights.map(({ id, from, to, what }) => (
        <Flight key={id} from={layout.pointById.get(from)} to={layout.pointById.get(to)} what={what} unit={unit} />
      ))}
      {layout.nodes.map(({ nodeId, change, at }) =>
        change === undefined ? null : (
          <circle key={nodeId} class={`change change-${change}`} cx={at.x} cy={at.y} r={11 * unit} />
        ),
      )}
    </>
  );
}

function Tick({ digit }: { readonly digit: string }) {
  const { x, y } = ringPoint(Number.parseInt(digit, 16) / 16, TICK_RADIUS);
  return (
    <text class="tick" x={x} y={y}>
      {digit}
    </text>
  );
}

interface ObjectProps {
  readonly object: PlacedObject;
  readonly layout: Layout;
  readonly isLooked: boolean;
  readonly unit: number;
}

function ObjectView({ object: { at, heardOf, digests, fraction }, layout, isLooked, unit }: ObjectProps) {
  const self = layout.nodes[0];
  const size = (digests.length > 1 ? 4 : 3) * unit;
  return (
    <g class={`object ${isLooked ? 'looked' : ''}`}>
      <path class="stem" d={line(at, ringPoint(fraction, RADIUS))} />
      {self === undefined ? null : <path class="thread" d={line(at, self.at)} />}
      {heardOf.map((nodeId) => {
        const holder = layout.pointById.get(nodeId);
        return holder === undefined ? null : <path key={nodeId} class="thread heard" d={line(at, holder)} />;
      })}
      <rect x={at.x - size} y={at.y - size} width={2 * size} height={2 * size} rx={unit} />
    </g>
  );
}

/** The lookup's way so far; the hop that is shown is drawn as it goes. */
function Route({ stage, layout, unit }: DrawingProps & { readonly unit: number }) {
  const { lookup } = stage.scene.value;
  if (lookup === undefined) return null;
  const { route } = lookup.result;
  return (
    <g class="route-line">
      {route.slice(1, lookup.hop + 2).map((to, index) => {
        const a = layout.pointById.get(route[index] ?? to);
        const b = layout.pointById.get(to);
        if (a === undefined || b === undefined) return null;
        return (
          <path
            key={`${stage.player.shown.value?.number === undefined ? '' : to}`}
            class={`hop ${index === lookup.hop ? 'walking' : ''}`}
            pathLength={1}
            d={bentChord(a, shortOf(a, b, DOT * unit))}
            marker-end="url(#arrow)"
          />
        );
      })}
    </g>
  );
}

function LookupKey({ stage, unit }: Pick<DrawingProps, 'stage'> & { readonly unit: number }) {
  const { lookup } = stage.scene.value;
  if (lookup === undefined) return null;
  const { key, route } = lookup.result;
  const at = route[Math.min(lookup.hop + 1, route.length - 1)];
  const fraction = ringFraction(key);
  const { x, y } = ringPoint(fraction, KEY_RADIUS);
  const label = keyLabelPoint(fraction, stage.zoom.value);
  const shown = shortId(key).replace('…', '');
  const matching = at === undefined ? 0 : sharedDigits(at, key);
  return (
    <g class="key">
      <path class="stem" d={line({ x, y }, ringPoint(fraction, RADIUS))} />
      <path
        class="key-mark"
        transform={`translate(${x} ${y}) scale(${unit})`}
        d={`M 0 ${-KEY_HALF} L ${KEY_HALF} 0 L 0 ${KEY_HALF} L ${-KEY_HALF} 0 z`}
      />
      <text x={label.x} y={label.y} text-anchor="middle">
        <tspan class="matching">{shown.slice(0, matching)}</tspan>
        {shown.slice(matching)}
      </text>
    </g>
  );
}

interface FlightProps {
  readonly from: Point | undefined;
  readonly to: Point | undefined;
  readonly what: string;
  readonly unit: number;
}

function Flight({ from, to, what, unit }: FlightProps) {
  if (from === undefined || to === undefined) return null;
  const path = bentChord(from, shortOf(from, to, DOT * unit));
  return (
    <g class={`flight flight-${what}`}>
      <path pathLength={1} d={path} />
      <circle r={3 * unit} style={{ offsetPath: `path("${path}")` }} />
    </g>
  );
}

function line(a: Point, b: Point): string {
  return `M ${a.x.toFixed(2)} ${a.y.toFixed(2)} L ${b.x.toFixed(2)} ${b.y.toFixed(2)}`;
}
