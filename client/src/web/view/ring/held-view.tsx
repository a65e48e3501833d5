// The blocks that this tab keeps for the ring.

import type { PageModel } from '../../model/page-model.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';
import { Filled } from '../filled.tsx';
import { PartView } from '../places.tsx';

/** Blocks listed by name; a tab may hold thousands, and nobody reads those. */
const MAX_LISTED = 100;

export function HeldView({ model }: { readonly model: PageModel }) {
  const words = ringWords();
  const { objects, bytes } = model.inspection.value.held;
  const { held } = model.listing.value;
  return (
    <Card id="held" title={words.held} note={words.heldNote}>
      <PartView model={model} part="disk" />
      <p id="held-summary">{objects === 0 ? words.heldNothing : words.heldSum(objects, bytes)}</p>
      {held.length === 0 ? null : (
        <details>
          <summary>{words.whichBlocks}</summary>
          <ul class="blocks">
            {held.slice(0, MAX_LISTED).map((block) => (
              <li key={block.digest}>
                <Filled
                  text={words.block(block.size)}
                  parts={{
                    key: <code title={block.key}>{shortId(block.key)}</code>,
                    digest: <code title={block.digest}>{shortId(block.digest)}</code>,
                  }}
                />
              </li>
            ))}
          </ul>
          {held.length > MAX_LISTED ? <p>{words.moreBlocks(held.length - MAX_LISTED)}</p> : null}
        </details>
      )}
    </Card>
  );
}
