// The ring at work: its picture, its tables, the console and the events. Nobody needs them to share a file, so they are loaded
// after what everybody needs.

import type { PageModel } from '../model/page-model.ts';
import { ConsoleView } from './console-view.tsx';
import { HeldView } from './held-view.tsx';
import { LinksView } from './links-view.tsx';
import { LogView } from './log-view.tsx';
import { LookupView } from './lookup-view.tsx';
import { RingView } from './ring-view.tsx';
import { LeafSetView, RoutingTableView } from './tables-view.tsx';

interface InsightProps {
  readonly model: PageModel;
}

/** Beside the files. */
export function RingColumn({ model }: InsightProps) {
  return (
    <>
      <RingView model={model} />
      <LookupView model={model} />
      <LinksView model={model} />
      <LeafSetView model={model} />
      <HeldView model={model} />
    </>
  );
}

/** Below them. */
export function RingDetails({ model }: InsightProps) {
  return (
    <>
      <RoutingTableView model={model} />
      {model.pageConsole.value === undefined ? null : <ConsoleView model={model.pageConsole.value} />}
      <LogView model={model} />
    </>
  );
}
