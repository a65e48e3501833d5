// The event log, newest first, by topic if wished.

import type { PageModel } from '../../model/page-model.ts';
import type { LogTopic } from '../../text/event-text.ts';
import { formatClock } from '../../text/format.ts';
import { Card } from '../card.tsx';

const TOPICS: readonly { readonly topic: LogTopic; readonly name: string }[] = [
  { topic: 'ring', name: 'joining and leaving' },
  { topic: 'tables', name: 'table updates' },
  { topic: 'messages', name: 'routed messages' },
  { topic: 'files', name: 'stored blocks' },
  { topic: 'links', name: 'links' },
];

export function LogView({ model }: { readonly model: PageModel }) {
  const shown = model.drafts.topic;
  const lines = model.lines.value.filter((line) => shown.value === 'all' || line.topic === shown.value);
  return (
    <Card id="log" title="What happens" note="Newest first.">
      <label class="filter">
        Show{' '}
        <select
          value={shown.value}
          onChange={(event) => {
            shown.value = event.currentTarget.value;
          }}
        >
          <option value="all">everything</option>
          {TOPICS.map(({ topic, name }) => (
            <option key={topic} value={topic}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {lines.length === 0 ? (
        <p class="empty">Nothing yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ol class="log" id="event-log" tabIndex={0} aria-label="Event log, newest first">
          {lines.map((line) => (
            <li key={line.number} class={`topic-${line.topic}`}>
              <time dateTime={line.at.toISOString()}>{formatClock(line.at)}</time> {line.text}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
