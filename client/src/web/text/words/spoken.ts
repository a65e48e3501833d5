// Which language the page speaks. Whoever reads words while drawing is drawn again when it is another one.

import { signal } from '@preact/signals';
import type { Catalogue } from './catalogue.ts';

interface Spoken {
  /** For numbers, dates and plurals: a BCP 47 tag of the language, with a region if the browser names one. */
  readonly locale: string;
  /** Undefined: English, whose words come with the places that show them. */
  readonly catalogue: Catalogue | undefined;
}

export const spoken = signal<Spoken>({ locale: 'en', catalogue: undefined });

/** How the words of a part of the page are asked for. */
export function wordsOf<Part extends keyof Catalogue>(part: Part, english: Catalogue[Part]): () => Catalogue[Part] {
  return () => spoken.value.catalogue?.[part] ?? english;
}
