// The whole page, before, while and after a peer runs: the head that is the same in all places, and the place.

import { type ReadonlySignal, signal } from '@preact/signals';
import { render } from 'preact';
import { lazily } from '../../peer/lazily.ts';
import type { Given } from '../given.ts';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';
import type { Failure, Notice, Wait } from '../text/news.ts';
import { frameWords } from '../text/words/en/frame.ts';
import type { AROUND } from './around.ts';
import { cleanWhatIsDrawn } from './clean-view.ts';
import type { ClosedView } from './closed-view.tsx';
import { Head } from './head.tsx';
import { PlaceView } from './places.tsx';

/** How far the page has got. */
export type Phase =
  | {
      readonly state: 'starting';
      /** What is waited for, if it takes longer than it should. */
      readonly wait: Wait | undefined;
    }
  | {
      readonly state: 'failed';
      readonly failure: Failure;
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

/** Undefined until it is loaded. */
export const around = signal<typeof AROUND | undefined>(undefined);

interface PageProps {
  readonly phase: ReadonlySignal<Phase>;
  /** What the user should know and can do about it. */
  readonly notices: ReadonlySignal<readonly Notice[]>;
  readonly place: ReadonlySignal<Place>;
  readonly given: Given;
}

export function mountPage(root: Element, props: PageProps): void {
  cleanWhatIsDrawn();
  root.replaceChildren();
  void lazily(() => import('./around.ts'))
    .whenThere()
    .then(({ AROUND }) => {
      around.value = AROUND;
    });
  render(<Page {...props} />, root);
}

function Page({ phase, notices, place, given }: PageProps) {
  const Notices = around.value?.Notices;
  return (
    <>
      <Head phase={phase.value} place={place.value} />
      <main class={`place place-${place.value}`}>
        {Notices === undefined ? null : <Notices notices={notices.value} />}
        <Body phase={phase.value} place={place.value} given={given} />
      </main>
    </>
  );
}

function Body({ phase, place, given }: { readonly phase: Phase; readonly place: Place; readonly given: Given }) {
  const words = frameWords();
  const { Waiting, Failed, GivenView } = around.value ?? {};
  switch (phase.state) {
    case 'starting':
      return (
        <p class="starting" role="status">
          {phase.wait !== undefined && Waiting !== undefined ? (
            <Waiting wait={phase.wait} />
          ) : place === 'open' ? (
            words.startingOpen
          ) : (
            words.startingJoin
          )}
        </p>
      );
    case 'failed':
      return (
        <div class="notice problem" role="alert">
          {Failed === undefined ? words.notIn : <Failed {...phase} />}
        </div>
      );
    case 'closed':
      return <phase.draw problem={phase.problem} enter={phase.enter} />;
    case 'running':
      return (
        <>
          {GivenView === undefined ? null : <GivenView given={given} model={phase.model} />}
          <PlaceView model={phase.model} place={place} />
        </>
      );
  }
}
