// A style sheet of a part of the page that is loaded later.

import { type ReadonlySignal, signal } from '@preact/signals';
import { lazily } from '../../peer/lazily.ts';

const isThereByUrl = new Map<string, ReadonlySignal<boolean>>();

/** True once it is there; it stays. */
export function useStyle(url: string): boolean {
  return loadStyle(url).value;
}

/** Begins to load it, if that has not begun yet. */
export function loadStyle(url: string): ReadonlySignal<boolean> {
  const known = isThereByUrl.get(url) ?? loaded(url);
  isThereByUrl.set(url, known);
  return known;
}

function loaded(url: string): ReadonlySignal<boolean> {
  const isThere = signal(false);
  void lazily(() => linked(url))
    .whenThere()
    .then(() => {
      isThere.value = true;
    });
  return isThere;
}

function linked(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = url;
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`no style sheet at ${url}`));
    });
    document.head.append(link);
  });
}
