// What a running tab shows, first what everybody needs.

import { signal } from '@preact/signals';
import type { PageModel } from '../model/page-model.ts';
import { FetchView } from './fetch-view.tsx';
import { StoreView } from './store-view.tsx';
import { TabView } from './tab-view.tsx';

/** Undefined until it is loaded. */
const insight = signal<typeof import('./insight.tsx') | undefined>(undefined);

/** Loads what shows the ring at work. Rejects if it cannot be loaded. */
export async function loadInsight(): Promise<void> {
  insight.value = await import('./insight.tsx');
}

export function Panels({ model }: { readonly model: PageModel }) {
  const shown = insight.value;
  return (
    <>
      <div class="columns">
        <div class="column">
          <TabView model={model} />
          <StoreView model={model} />
          <FetchView model={model} />
        </div>
        <div class="column">{shown === undefined ? null : <shown.RingColumn model={model} />}</div>
      </div>
      {shown === undefined ? null : <shown.RingDetails model={model} />}
    </>
  );
}
