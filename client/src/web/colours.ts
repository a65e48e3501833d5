// Light, dark, or as the system is. early-colours.ts puts the choice on the page before anything is drawn.

import { signal } from '@preact/signals';
import { setPreference, watchPreference } from './preference-changes.ts';
import { preference } from './preferences.ts';

export const COLOURS = ['light', 'dark'] as const;
export type Colours = (typeof COLOURS)[number];

/** Undefined: as the system is. */
export const chosenColours = signal<Colours | undefined>(kept());

watchPreference('colours', () => show(kept()));
colourFrame();

export function chooseColours(colours: Colours | undefined): void {
  setPreference('colours', colours);
  show(colours);
}

function kept(): Colours | undefined {
  const value = preference('colours');
  return COLOURS.find((colours) => colours === value);
}

function show(colours: Colours | undefined): void {
  chosenColours.value = colours;
  if (colours === undefined) delete document.documentElement.dataset.colours;
  else document.documentElement.dataset.colours = colours;
  colourFrame();
}

/** What browsers draw round the page: index.html names a colour for light and one for dark. */
function colourFrame(): void {
  const chosen = chosenColours.peek();
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.dataset.of;
    const isUsed = own === chosen ? 'all' : 'not all';
    meta.media = chosen === undefined ? `(prefers-color-scheme: ${own})` : isUsed;
  }
}
