// What the marks of the picture mean; those that are in it.

import { livingWords } from '../../text/words/en/living.ts';
import type { StageProps } from './ring-place.tsx';

export function Legend({ stage }: StageProps) {
  const { legend } = livingWords();
  const { nodes, objects, lookup, leafArc } = stage.scene.value;
  const has = {
    self: true,
    leaf: true,
    known: true,
    link: true,
    heard: nodes.some(({ role }) => role === 'heard'),
    arc: leafArc !== undefined,
    relayed: nodes.some(({ link }) => link === 'relayed'),
    object: objects.length > 0,
    hop: lookup !== undefined,
    device: nodes.some(({ device, role }) => device === 0 && role !== 'self'),
  };
  const kinds = Object.keys(legend) as (keyof typeof has)[];
  return (
    <ul class="legend">
      {kinds.map((kind) =>
        has[kind] ? (
          <li key={kind} class={`legend-${kind}`}>
            {legend[kind]}
          </li>
        ) : null,
      )}
    </ul>
  );
}
