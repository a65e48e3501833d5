// The whole page, before, while and after a peer runs.

import type { ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import { ConsoleView } from './console-view.tsx';
import { FetchView } from './fetch-view.tsx';
import { HeldView } from './held-view.tsx';
import { LinksView } from './links-view.tsx';
import { LogView } from './log-view.tsx';
import { LookupView } from './lookup-view.tsx';
import { RingView } from './ring-view.tsx';
import { StoreView } from './store-view.tsx';
import './style.css';
import { TabView } from './tab-view.tsx';
import { LeafSetView, RoutingTableView } from './tables-view.tsx';

/** How far the page has got. */
export type Phase =
  | { readonly state: 'starting'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'running'; readonly model: PageModel };

interface PageProps {
  readonly phase: ReadonlySignal<Phase>;
  /** What the user should know and can do about it; shown on top. */
  readonly notices: ReadonlySignal<readonly string[]>;
}

export function mountPage(root: Element, props: PageProps): void {
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
        </div>
      );
    case 'running':
      return <Panels model={phase.model} />;
  }
}

function Panels({ model }: { readonly model: PageModel }) {
  return (
    <>
      <div class="columns">
        <div class="column">
          <TabView model={model} />
          <StoreView model={model} />
          <FetchView model={model} />
        </div>
        <div class="column">
          <RingView model={model} />
          <LookupView model={model} />
          <LinksView model={model} />
          <LeafSetView model={model} />
          <HeldView model={model} />
        </div>
      </div>
      <RoutingTableView model={model} />
      <ConsoleView model={model.console} />
      <LogView model={model} />
    </>
  );
}
