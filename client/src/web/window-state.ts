// Keeps the browser's tab at what this one does: in its title and its icon. Loaded once the tab runs.

import { effect, type ReadonlySignal } from '@preact/signals';
import { isAnyLost, type PageModel } from './model/page-model.ts';
import type { Transfer } from './model/transfer.ts';
import type { Place } from './text/address.ts';
import { isAlone } from './text/status-text.ts';
import { type WindowState, windowIcon, windowTitle } from './text/window-state-text.ts';
import type { Phase } from './view/page.tsx';

/** More than ever run at once. */
const MAX_WATCHED = 16;

/** From now on, as long as the page is there. */
export function showState(document: Document, phase: ReadonlySignal<Phase>, place: ReadonlySignal<Place>): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  /** The most that was left since last nothing was under way: files that are done are told of no more. */
  let totalBytes = 0;
  effect(() => {
    const model = phase.value.state === 'running' ? phase.value.model : undefined;
    const left = model && bytesLeft(model);
    totalBytes = left === undefined ? 0 : Math.max(totalBytes, left);
    const progress = left === undefined ? undefined : { doneBytes: totalBytes - left, totalBytes };
    document.title = windowTitle(place.value, model?.peer.nodeId, progress);
    const address = windowIcon(model === undefined ? 'out' : stateOf(model), progress);
    if (icon !== null && icon.href !== address) icon.href = address;
  });
}

function stateOf(model: PageModel): WindowState {
  const inspection = model.inspection.value;
  if (inspection.status === 'left') return 'out';
  if (isAnyLost(model.closing.value)) return 'unsafe';
  return inspection.status === 'joining' || isAlone(inspection) ? 'waiting' : 'in';
}

/** Of all that is being stored, fetched or saved; undefined if nothing is. Read while it is drawn, it is drawn again as they go on. */
function bytesLeft({ uploads, downloads }: Pick<PageModel, 'uploads' | 'downloads'>): number | undefined {
  const saved = downloads.list.value.flatMap(({ transfer, parts }) => [
    transfer,
    ...parts.value.map((part) => part.transfer),
  ]);
  const all: readonly Transfer<unknown>[] = [...uploads.list.value, ...saved].filter(({ isOver }) => !isOver);
  // Those that run are before those that wait; of a thousand that wait each would be one more to keep track of.
  const states = all.map(({ state }, index) => (index < MAX_WATCHED ? state.value : state.peek()));
  if (!states.some(({ phase }) => phase === 'running')) return undefined;
  const left = states.map((state, index) =>
    state.phase === 'running' ? state.totalBytes - state.doneBytes : (all[index]?.bytes ?? 0),
  );
  return left.reduce((sum, bytes) => sum + bytes, 0);
}
