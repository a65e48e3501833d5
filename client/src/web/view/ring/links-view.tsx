// The links of this tab: how each runs, and why some do not.

import { useEffect } from 'preact/hooks';
import type { PageModel } from '../../model/page-model.ts';
import { type LinkRow, linkRows, linksSummary } from '../../text/link-text.ts';
import { shortId } from '../../text/short-id.ts';
import { ringWords } from '../../text/words/en/ring.ts';
import { Card } from '../card.tsx';

/** Bytes and round trips change without an event; as often as the browser is asked for them (links/limits.ts). */
const REFRESH_MS = 2_000;
/** More rows than this are folded away: who looks at a large ring looks at the summary. */
const UNFOLDED_ROWS = 8;

export function LinksView({ model }: { readonly model: PageModel }) {
  useEffect(() => {
    const timer = setInterval(() => model.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [model]);
  const words = ringWords();
  const rows = linkRows(model.inspection.value);
  return (
    <Card id="links" title={words.links} note={words.linksNote}>
      <p id="links-summary">{linksSummary(rows)}</p>
      {rows.length === 0 ? null : (
        <details open={rows.length <= UNFOLDED_ROWS}>
          <summary>{words.whichLinks}</summary>
          <ul class="links">
            {rows.map((row) => (
              <Row key={row.nodeId} row={row} />
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Row({ row: { nodeId, kind, way, figures, reason } }: { readonly row: LinkRow }) {
  return (
    <li class={`link-row link-row-${kind}`} data-node={nodeId} data-kind={kind}>
      <code title={nodeId}>{shortId(nodeId)}</code> <span class="way">{way}</span>
      {figures === '' ? null : <span class="figures">{figures}</span>}
      {reason === undefined ? null : <p class="reason">{reason}</p>}
    </li>
  );
}
