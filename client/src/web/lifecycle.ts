// The page's end: a goodbye in its last moment, a warning before it, and a fresh start for a page brought back.

export interface LifecycleHooks {
  /** Says goodbye and closes all links, synchronously: nothing runs after it. */
  goodbye(): void;
  /** True while closing would lose what the user is storing. */
  isClosingUnsafe(): boolean;
}

/**
 * Watches `page`, the window. A tab that closes without a word is missed by its neighbours only after many seconds, so
 * `pagehide` (which also comes before a reload and on phones, unlike `unload`) says goodbye.
 */
export function watchLifecycle(page: Window, hooks: LifecycleHooks): void {
  page.addEventListener('pagehide', () => hooks.goodbye());
  page.addEventListener('pageshow', (event) => {
    // From the back/forward cache: the links are gone and the goodbye was said. Join again from the start.
    if (event.persisted) page.location.reload();
  });
  page.addEventListener('beforeunload', (event) => {
    if (hooks.isClosingUnsafe()) event.preventDefault();
  });
}
