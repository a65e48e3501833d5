// The blocks that this tab keeps for the ring.

import type { PageModel } from '../../model/page-model.ts';
import { formatBytes, formatCount, shortId } from '../../text/format.ts';
import { Card } from '../card.tsx';
import { PartView } from '../places.tsx';

/** Blocks listed by name; a tab may hold thousands, and nobody reads those. */
const MAX_LISTED = 100;

export function HeldView({ model }: { readonly model: PageModel }) {
  const { objects, bytes } = model.inspection.value.held;
  const { held } = model.listing.value;
  return (
    <Card id="held" title="Held for the ring" note="Parts of files whose keys are close to this tab’s id.">
      <PartView model={model} part="disk" />
      <p id="held-summary">
        {objects === 0 ? 'Nothing yet.' : `${formatCount(objects, 'block')}, ${formatBytes(bytes)}.`}
      </p>
      {held.length === 0 ? null : (
        <details>
          <summary>Which blocks</summary>
          <ul class="blocks">
            {held.slice(0, MAX_LISTED).map((block) => (
              <li key={block.digest}>
                key <code title={block.key}>{shortId(block.key)}</code>, digest{' '}
                <code title={block.digest}>{shortId(block.digest)}</code>, {formatBytes(block.size)}
              </li>
            ))}
          </ul>
          {held.length > MAX_LISTED ? <p>and {held.length - MAX_LISTED} more.</p> : null}
        </details>
      )}
    </Card>
  );
}
