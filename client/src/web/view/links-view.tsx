// This tab's links: how each runs, direct or relayed, what it carried; and why others did not open, with what to do.

import { useEffect } from 'preact/hooks';
import type { PageModel } from '../model/page-model.ts';
import { shortId } from '../text/format.ts';
import { LINK_COLUMNS, type LinkRow, linkFailureText, linkRows, linksSummary } from '../text/link-text.ts';
import { Card } from './card.tsx';

/** Bytes and round trips change without an event; as often as the browser is asked for them (links/limits.ts). */
const REFRESH_MS = 2_000;

export function LinksView({ model }: { readonly model: PageModel }) {
  useEffect(() => {
    const timer = setInterval(() => model.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [model]);
  const { links, linkFailures } = model.inspection.value;
  return (
    <Card id="links" title="Links" note="Each link is a WebRTC data channel from this tab to another.">
      <p id="links-summary">{linksSummary(links)}</p>
      {links.length === 0 ? null : <Table rows={linkRows(links)} />}
      {linkFailures.length === 0 ? null : (
        <>
          <h3>Did not open</h3>
          <ul id="link-failures" class="list">
            {linkFailures.map((failure) => (
              <li key={failure.nodeId} data-stage={failure.stage} title={failure.nodeId}>
                {linkFailureText(failure)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}

function Table({ rows }: { readonly rows: readonly LinkRow[] }) {
  return (
    // A wide table scrolls by itself; tabIndex lets the keyboard do it too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Links, scrolls sideways">
      <table class="links">
        <thead>
          <tr>
            <th scope="col">Tab</th>
            {LINK_COLUMNS.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ nodeId, cells }) => (
            <tr key={nodeId}>
              <th scope="row">
                <code title={nodeId}>{shortId(nodeId)}</code>
              </th>
              {LINK_COLUMNS.map((column, index) => (
                <td key={column}>{cells[index]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
