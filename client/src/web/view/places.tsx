// The four places of the page. Each is loaded once the tab is on its way into the ring, the one before the user first.

import { type Signal, signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { PageModel } from '../model/page-model.ts';
import type { Place } from '../text/address.ts';

export interface PlaceProps {
  readonly model: PageModel;
}

type View = ComponentType<PlaceProps>;

/** Undefined until it is loaded. */
const viewByPlace: Readonly<Record<Place, Signal<View | undefined>>> = {
  share: signal(),
  open: signal(),
  ring: signal(),
  console: signal(),
};

const LOADERS: Readonly<Record<Place, () => Promise<View>>> = {
  share: async () => (await import('./share/share-place.tsx')).SharePlace,
  open: async () => (await import('./open/open-place.tsx')).OpenPlace,
  ring: async () => (await import('./ring/ring-place.tsx')).RingPlace,
  console: async () => (await import('./console/console-place.tsx')).ConsolePlace,
};

/** Rejects if it cannot be loaded. */
export async function loadPlace(place: Place): Promise<void> {
  const view = await LOADERS[place]();
  viewByPlace[place].value = view;
}

/** Rejects if one cannot be loaded. */
export async function loadPlaces(): Promise<void> {
  await Promise.all([loadPlace('share'), loadPlace('open'), loadPlace('ring'), loadPlace('console')]);
}

export function PlaceView({ model, place }: PlaceProps & { readonly place: Place }) {
  const View = viewByPlace[place].value;
  return View === undefined ? <p class="starting">One moment…</p> : <View model={model} />;
}
