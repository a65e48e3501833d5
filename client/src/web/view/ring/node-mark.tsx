// A node in the picture: filled by what it is to this tab, square if it is on this tab's device, with its id where there is room.

import { Component } from 'preact';
import type { PlacedNode } from '../../text/ring/layout.ts';
import { shortId } from '../../text/short-id.ts';

const SIZES: Readonly<Record<PlacedNode['role'], number>> = { self: 7, leaf: 5, known: 4, heard: 4, gone: 4 };

interface NodeMarkProps {
  readonly node: PlacedNode;
  /** Of lengths that stay the same to the eye at each zoom. */
  readonly unit: number;
  readonly isLooked: boolean;
  /** On the same device as what is looked at. */
  readonly isMate: boolean;
}

/** Drawn anew only if something of it is another: of 200 nodes most are not, at most moments. */
export class NodeMark extends Component<NodeMarkProps> {
  override shouldComponentUpdate(next: NodeMarkProps): boolean {
    return JSON.stringify(next) !== JSON.stringify(this.props);
  }

  override render({ node, unit, isLooked, isMate }: NodeMarkProps) {
    const { role, at, label, change, matching, device } = node;
    const size = SIZES[role] * unit;
    const states = [isLooked ? 'looked' : '', isMate ? 'mate' : '', matching === undefined ? '' : 'on-route'];
    return (
      <g
        class={`node node-${role} ${change === undefined ? '' : `node-${change}`} ${states.join(' ')}`}
        data-node={node.nodeId}
      >
        {label?.isAside === true ? <path class="leader" d={`M ${at.x} ${at.y} L ${label.at.x} ${label.at.y}`} /> : null}
        {device === 0 && role !== 'self' ? (
          <rect class="dot" x={at.x - size} y={at.y - size} width={2 * size} height={2 * size} rx={unit} />
        ) : (
          <circle class="dot" cx={at.x} cy={at.y} r={size} />
        )}
        {change === 'gone' ? <path class="cross" d={crossAt(at.x, at.y, size + 2 * unit)} /> : null}
        {label === undefined ? null : <Label node={node} label={label} />}
      </g>
    );
  }
}

/** With the digits that match the key of the lookup that is shown. */
function Label({
  node: { nodeId, matching },
  label,
}: {
  readonly node: PlacedNode;
  readonly label: NonNullable<PlacedNode['label']>;
}) {
  const id = shortId(nodeId).replace('…', '');
  return (
    <text x={label.at.x} y={label.at.y} text-anchor={label.anchor}>
      {matching === undefined ? (
        id
      ) : (
        <>
          <tspan class="matching">{id.slice(0, matching)}</tspan>
          {id.slice(matching)}
        </>
      )}
    </text>
  );
}

function crossAt(x: number, y: number, half: number): string {
  return `M ${x - half} ${y - half} L ${x + half} ${y + half} M ${x + half} ${y - half} L ${x - half} ${y + half}`;
}
