// The head of the page, the same in all places: the name, how it stands, and the way to the other places.

import type { Place } from '../text/address.ts';
import { PLACES } from '../text/place-text.ts';
import { frameWords } from '../text/words/en/frame.ts';
import { Logo } from './logo.tsx';
import { around, type Phase } from './page.tsx';
import { Standing } from './standing.tsx';

interface HeadProps {
  readonly phase: Phase;
  readonly place: Place;
}

export function Head({ phase, place }: HeadProps) {
  const words = frameWords();
  const Settings = around.value?.Settings;
  return (
    <header class="page-head">
      <a class="brand" href="#/">
        <Logo />
        <h1>Tabring</h1>
      </a>
      <nav class="places" aria-label={words.placesLabel}>
        {PLACES.map((each) => (
          <a
            key={each.place}
            class={`place-link to-${each.place}`}
            href={each.place === 'open' ? hashOfOpened(phase) : each.hash}
            aria-current={each.place === place ? 'page' : undefined}
          >
            <PlaceIcon place={each.place} />
            {words.places[each.place]}
          </a>
        ))}
      </nav>
      {Settings === undefined ? null : <Settings />}
      <div class="pills">{phase.state === 'running' ? <Standing model={phase.model} /> : <Pill phase={phase} />}</div>
    </header>
  );
}

/** Back to the file that is open; its key is known here and need not be in the address. */
function hashOfOpened(phase: Phase): string {
  const opened = phase.state === 'running' ? phase.model.downloads.opened.value : undefined;
  const [fileId] = opened?.split('.') ?? [];
  return fileId?.startsWith('#/f/') === true ? fileId : '#/open';
}

function Pill({ phase }: { readonly phase: Exclude<Phase, { state: 'running' }> }) {
  const words = frameWords();
  if (phase.state === 'failed') return <p class="pill pill-bad">{words.notIn}</p>;
  if (phase.state === 'closed') return <p class="pill pill-wait">{words.closed}</p>;
  return phase.wait === undefined ? (
    <p class="pill pill-wait">{words.joining}</p>
  ) : (
    <p class="pill pill-bad">{words.notYetIn}</p>
  );
}

const ICON_BY_PLACE: Readonly<Record<Place, string>> = {
  share: 'M12 15V4M8 8l4-4 4 4M5 14v5h14v-5',
  open: 'M12 4v11M8 11l4 4 4-4M5 19h14',
  ring: 'M12 5a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM12 3v4M12 17v4M3 12h4M17 12h4',
  console: 'M4 6l5 6-5 6M12 18h8',
};

function PlaceIcon({ place }: { readonly place: Place }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICON_BY_PLACE[place]} />
    </svg>
  );
}
