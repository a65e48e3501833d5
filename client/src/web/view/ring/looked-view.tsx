// All about the node or object that one points at or has chosen.

import { lookedText } from '../../text/ring/looked.ts';
import { livingWords } from '../../text/words/en/living.ts';
import { Card } from '../card.tsx';
import type { StageProps } from './ring-place.tsx';

export function LookedView({ stage }: StageProps) {
  const words = livingWords();
  const looked = stage.looked.value;
  const text = looked && lookedText(looked, stage.scene.value, stage.facts.value);
  return (
    <Card id="looked" title={text?.title ?? words.looked} note={text === undefined ? words.lookedNote : undefined}>
      {text === undefined ? null : (
        <dl class="looked-facts">
          {text.facts.map(({ name, value }) => (
            <div key={`${name} ${value}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
