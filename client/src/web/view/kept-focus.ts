// Who presses a button that then goes is not sent back to the top of the page.

import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * If what has the focus within the returned element goes, its first button gets it. To be called in the component that draws what
 * goes.
 */
export function useKeptFocus<Kind extends HTMLElement>(): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  const focused = useRef<Element | undefined>(undefined);
  useLayoutEffect(() => {
    const within = element.current;
    if (within === null) return undefined;
    const note = ({ target }: FocusEvent): void => {
      focused.current = target instanceof Element ? target : undefined;
    };
    const forget = ({ target }: FocusEvent): void => {
      // What goes is still there while it loses the focus.
      queueMicrotask(() => {
        if (target === focused.current && target instanceof Element && target.isConnected) focused.current = undefined;
      });
    };
    within.addEventListener('focusin', note);
    within.addEventListener('focusout', forget);
    return () => {
      within.removeEventListener('focusin', note);
      within.removeEventListener('focusout', forget);
    };
  }, []);
  useLayoutEffect(() => {
    if (focused.current?.isConnected === false && document.activeElement === document.body)
      element.current?.querySelector('button')?.focus();
  });
  return element;
}
