// The whole page, before, while and after a peer runs: the head that is the same in all places, and the place.

import type { ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';
import { plainText } from '../text/discovery-text.ts';
import { cleanWhatIsDrawn } from './clean-view.ts';
import type { ClosedView } from './closed-view.tsx';
import { Given } from './given-view.tsx';
import { Head } from './head.tsx';
import { PlaceView } from './places.tsx';

/** How far the page has got. */
export type Phase =
  | {
      readonly state: 'starting';
      /** What is waited for, if it takes longer than it should. */
      readonly message: string | undefined;
    }
  | {
      readonly state: 'failed';
      readonly message: string;
      /** Accepts the Discovery node's new key, and goes on; undefined if it is not about that. */
      readonly accept: (() => void) | undefined;
    }
  | {
      /** The ring is closed, and wants its password. */
      readonly state: 'closed';
      readonly draw: typeof ClosedView;
      /** Why the last one was none. */
      readonly problem: string | undefined;
      readonly enter: (secret: string) => void;
    }
  | { readonly state: 'running'; readonly model: PageModel };

interface PageProps {
  readonly phase: ReadonlySignal<Phase>;
  /** What the user should know and can do about it. */
  readonly notices: ReadonlySignal<readonly string[]>;
  readonly place: ReadonlySignal<Place>;
}

export function mountPage(root: Element, props: PageProps): void {
  cleanWhatIsDrawn();
  root.replaceChildren();
  render(<Page {...props} />, root);
}

function Page({ phase, notices, place }: PageProps) {
  return (
    <>
      <Head phase={phase.value} place={place.value} />
      <main class={`place place-${place.value}`}>
        {notices.value.map((notice) => (
          <p key={notice} class="notice" role="note">
            {notice}
          </p>
        ))}
        <Body phase={phase.value} place={place.value} />
      </main>
    </>
  );
}

/** What is said in the moment before the tab is registered. */
const WAITING: Readonly<Record<Place, string>> = {
  share: 'Joining the ring…',
  open: 'Looking for the others who have the file…',
  ring: 'Joining the ring…',
  console: 'Joining the ring…',
};

function Body({ phase, place }: { readonly phase: Phase; readonly place: Place }) {
  switch (phase.state) {
    case 'starting':
      return (
        <p class="starting" role="status">
          {phase.message === undefined ? WAITING[place] : plainText(phase.message)}
        </p>
      );
    case 'failed':
      return (
        <div class="notice problem" role="alert">
          <p>{phase.message}</p>
          <div class="actions">
            <button type="button" onClick={() => location.reload()}>
              Try again
            </button>
            {phase.accept === undefined ? null : (
              <button type="button" class="quiet" onClick={phase.accept}>
                Accept the new key
              </button>
            )}
          </div>
        </div>
      );
    case 'closed':
      return <phase.draw problem={phase.problem} enter={phase.enter} />;
    case 'running':
      return (
        <>
          <Given model={phase.model} />
          <PlaceView model={phase.model} place={place} />
        </>
      );
  }
}
