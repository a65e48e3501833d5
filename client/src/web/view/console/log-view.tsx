// The event log, newest first, by topic if wished.

import type { PageModel } from '../../model/page-model.ts';
import type { LogTopic } from '../../text/event-text.ts';
import { clock } from '../../text/words/dates.ts';
import { consoleWords } from '../../text/words/en/console.ts';
import { Card } from '../card.tsx';

const TOPICS: readonly LogTopic[] = ['ring', 'tables', 'messages', 'files', 'links'];

export function LogView({ model }: { readonly model: PageModel }) {
  const words = consoleWords();
  const shown = model.drafts.topic;
  const lines = model.lines.value.filter((line) => shown.value === 'all' || line.topic === shown.value);
  return (
    <Card id="log" title={words.log} note={words.logNote}>
      <label class="filter">
        {words.show}{' '}
        <select
          value={shown.value}
          onChange={(event) => {
            shown.value = event.currentTarget.value;
          }}
        >
          <option value="all">{words.everything}</option>
          {TOPICS.map((topic) => (
            <option key={topic} value={topic}>
              {words.topics[topic]}
            </option>
          ))}
        </select>
      </label>
      {lines.length === 0 ? (
        <p class="empty">{words.nothing}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ol class="log" id="event-log" tabIndex={0} aria-label={words.logLabel}>
          {lines.map((line) => (
            <li key={line.number} class={`topic-${line.topic}`}>
              <time dateTime={line.at.toISOString()}>{clock(line.at)}</time> {line.text}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
