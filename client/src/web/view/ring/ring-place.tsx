// The place that shows the ring at work: its picture, and the tables of this tab beside it.

import type { PlaceProps } from '../places.tsx';
import { HeldView } from './held-view.tsx';
import { LinksView } from './links-view.tsx';
import { LookupView } from './lookup-view.tsx';
import { RingView } from './ring-view.tsx';
import { TabView } from './tab-view.tsx';
import { LeafSetView, RoutingTableView } from './tables-view.tsx';

export function RingPlace({ model }: PlaceProps) {
  return (
    <>
      <div class="ring-columns">
        <div class="column">
          <RingView model={model} />
        </div>
        <div class="column">
          <LookupView model={model} />
          <LeafSetView model={model} />
          <LinksView model={model} />
        </div>
      </div>
      <RoutingTableView model={model} />
      <div class="columns">
        <TabView model={model} />
        <HeldView model={model} />
      </div>
    </>
  );
}
