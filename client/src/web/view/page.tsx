// The whole page, before, while and after a peer runs.

import type { ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import { cleanWhatIsDrawn } from './clean-view.ts';
import type { ClosedView } from './closed-view.tsx';
import type { Panels } from './panels.tsx';
import './style.css';

/** How far the page has got. */
export type Phase =
  | { readonly state: 'starting'; readonly message: string }
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
  | { readonly state: 'running'; readonly model: PageModel; readonly panels: typeof Panels };

interface PageProps {
  readonly phase: ReadonlySignal<Phase>;
  /** What the user should know and can do about it; shown on top. */
  readonly notices: ReadonlySignal<readonly string[]>;
}

export function mountPage(root: Element, props: PageProps): void {
  cleanWhatIsDrawn();
  render(<Page {...props} />, root);
}

function Page({ phase, notices }: PageProps) {
  return (
    <>
      <header class="page-head">
        <h1>Tabring</h1>
        <p>A ring of browser tabs that keep each other’s files.</p>
      </header>
      <main>
        {notices.value.map((notice) => (
          <p key={notice} class="notice" role="note">
            {notice}
          </p>
        ))}
        <Body phase={phase.value} />
      </main>
    </>
  );
}

function Body({ phase }: { readonly phase: Phase }) {
  switch (phase.state) {
    case 'starting':
      return (
        <p class="starting" role="status">
          {phase.message}
        </p>
      );
    case 'failed':
      return (
        <div class="notice problem" role="alert">
          <p>{phase.message}</p>
          <button type="button" onClick={() => location.reload()}>
            Try again
          </button>
          {phase.accept === undefined ? null : (
            <button type="button" class="quiet" onClick={phase.accept}>
              Accept the new key
            </button>
          )}
        </div>
      );
    case 'closed':
      return <phase.draw problem={phase.problem} enter={phase.enter} />;
    case 'running':
      return <phase.panels model={phase.model} />;
  }
}
