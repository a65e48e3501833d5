// The picture of the ring: nodes at their true places, this tab's links, the leaf set's range, the last lookup's route.

import type { LookupResult } from '../../../peer/api.ts';
import { lookupsOf } from '../../model/lookups.ts';
import type { PageModel } from '../../model/page-model.ts';
import { arcPath, type Point, ringFraction, ringPoint } from '../../text/ring-geometry.ts';
import { type PictureNode, pictureText, ringPicture } from '../../text/ring-picture.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';

const RADIUS = 100;
const LABEL_RADIUS = 115;
const TICK_RADIUS = 88;
const DOT_RADIUS: Readonly<Record<PictureNode['role'], number>> = { self: 7, leaf: 5, known: 4, passed: 4 };

export function RingView({ model }: { readonly model: PageModel }) {
  const state = lookupsOf(model).state.value;
  const lookup = state.phase === 'found' ? state.result : undefined;
  const picture = ringPicture(model.inspection.value, lookup);
  const self = picture.nodes[0];
  return (
    <Card id="ring" title={ringWords().ring} note={ringWords().ringNote}>
      <svg class="ring" viewBox="-150 -132 300 264" role="img" aria-label={pictureText(picture)}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="5" markerHeight="5" orient="auto">
            <path class="arrow" d="M 0 0 L 8 4 L 0 8 z" />
          </marker>
        </defs>
        <circle class="ring-line" r={RADIUS} />
        {picture.leafArc === undefined ? null : (
          <path class="leaf-arc" d={arcPath(picture.leafArc.start, picture.leafArc.end, RADIUS)} />
        )}
        {['0', '4', '8', 'c'].map((digit) => (
          <Tick key={digit} digit={digit} />
        ))}
        {self === undefined
          ? null
          : picture.nodes.map((node) =>
              node.link === 'none' ? null : <Chord key={node.nodeId} from={self} to={node} />,
            )}
        {lookup === undefined ? null : <Route lookup={lookup} />}
        {/* Last is on top: the nodes that matter more cover those that matter less. */}
        {picture.nodes.toReversed().map((node) => (
          <Dot key={node.nodeId} node={node} />
        ))}
        {lookup === undefined ? null : <Key lookup={lookup} />}
      </svg>
      <Legend
        hasLookup={lookup !== undefined}
        hasArc={picture.leafArc !== undefined}
        hasRelayed={picture.nodes.some(({ link }) => link === 'relayed')}
      />
    </Card>
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

function Chord({ from, to }: { readonly from: PictureNode; readonly to: PictureNode }) {
  const a = ringPoint(from.fraction, RADIUS);
  const b = ringPoint(to.fraction, RADIUS);
  return <path class={`link link-${to.link}`} d={bentChord(a, b)} />;
}

/** Bent towards the middle, the more the longer: links between close nodes leave the circle's line, and do not cross half of it. */
function bentChord(a: Point, b: Point): string {
  const length = Math.hypot(a.x - b.x, a.y - b.y) / (2 * RADIUS);
  const bend = 0.85 - 0.5 * Math.min(1, 2 * length);
  const middle = { x: ((a.x + b.x) / 2) * bend, y: ((a.y + b.y) / 2) * bend };
  return `M ${a.x} ${a.y} Q ${middle.x} ${middle.y} ${b.x} ${b.y}`;
}

function Route({ lookup }: { readonly lookup: LookupResult }) {
  const hops = lookup.route.slice(1).map((to, index) => ({ from: lookup.route[index] ?? to, to }));
  return (
    <g>
      {hops.map(({ from, to }) => (
        <path
          key={`${from}${to}`}
          class="hop"
          d={bentChord(ringPoint(ringFraction(from), RADIUS), ringPoint(ringFraction(to), RADIUS - 6))}
          marker-end="url(#arrow)"
        />
      ))}
    </g>
  );
}

function Key({ lookup }: { readonly lookup: LookupResult }) {
  const { x, y } = ringPoint(ringFraction(lookup.key), RADIUS);
  return (
    <path class="key" transform={`translate(${x} ${y})`} d="M 0 -5 L 5 0 L 0 5 L -5 0 z">
      <title>{ringWords().keyOf(lookup.key)}</title>
    </path>
  );
}

function Dot({ node }: { readonly node: PictureNode }) {
  const { x, y } = ringPoint(node.fraction, RADIUS);
  const label = ringPoint(node.fraction, LABEL_RADIUS);
  const anchor = label.x > 12 ? 'start' : label.x < -12 ? 'end' : 'middle';
  return (
    <g class={`node node-${node.role} node-link-${node.link}`}>
      <circle cx={x} cy={y} r={DOT_RADIUS[node.role]}>
        <title>{node.role === 'self' ? ringWords().thisTabOf(node.nodeId) : node.nodeId}</title>
      </circle>
      {node.hasLabel ? (
        <text x={label.x} y={label.y} text-anchor={anchor}>
          {shortId(node.nodeId).replace('…', '')}
        </text>
      ) : null}
    </g>
  );
}

interface LegendProps {
  readonly hasLookup: boolean;
  readonly hasArc: boolean;
  readonly hasRelayed: boolean;
}

function Legend({ hasLookup, hasArc, hasRelayed }: LegendProps) {
  const { legend } = ringWords();
  return (
    <ul class="legend">
      <li class="legend-self">{legend.self}</li>
      <li class="legend-leaf">{legend.leaf}</li>
      <li class="legend-known">{legend.known}</li>
      {hasArc ? <li class="legend-arc">{legend.arc}</li> : null}
      <li class="legend-link">{legend.link}</li>
      {hasRelayed ? <li class="legend-relayed">{legend.relayed}</li> : null}
      {hasLookup ? <li class="legend-hop">{legend.hop}</li> : null}
    </ul>
  );
}
