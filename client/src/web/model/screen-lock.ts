// Keeps the screen on while files of the user's are on their way: a phone whose screen goes off soon stops the page's work.

import { effect } from '@preact/signals';
import type { Downloads } from './downloads.ts';
import type { Transfer } from './transfer.ts';
import type { Uploads } from './uploads.ts';

/** The document, or like it. */
interface Page extends Pick<EventTarget, 'addEventListener'> {
  readonly visibilityState: DocumentVisibilityState;
}

interface Screen {
  readonly page: Page;
  /** navigator.wakeLock; undefined where the browser has none, as over plain http. */
  readonly locks: { request(type: 'screen'): Promise<Lock> } | undefined;
}

type Lock = Pick<WakeLockSentinel, 'released' | 'release'>;

/** A browser that denies it is asked again with the next transfer, and when the page is looked at again; nobody is told. */
export function keepScreenOn(moving: Moving, { page, locks }: Screen): void {
  if (locks === undefined) return;
  let isWanted = false;
  let isAsked = false;
  let held: Lock | undefined;
  const look = async (): Promise<void> => {
    if (!isWanted) {
      const lock = held;
      held = undefined;
      await lock?.release();
    } else if (!isAsked && held?.released !== false && page.visibilityState === 'visible') {
      isAsked = true;
      try {
        held = await locks.request('screen');
      } finally {
        isAsked = false;
      }
      // It may have been granted too late.
      if (!isWanted) await look();
    }
  };
  const lookNow = (): void => void look().catch(() => undefined);
  // The browser takes it from a page that is hidden.
  page.addEventListener('visibilitychange', lookNow);
  effect(() => {
    isWanted = isAnyMoving(moving);
    lookNow();
  });
}

interface Moving {
  readonly uploads: Pick<Uploads, 'list'>;
  readonly downloads: Pick<Downloads, 'list'>;
}

/** What waits for the ring may wait for hours, and what is paused for days. */
function isAnyMoving({ uploads, downloads }: Moving): boolean {
  return (
    uploads.list.value.some(isMoving) ||
    downloads.list.value.some(({ transfer, parts }) => {
      return isMoving(transfer) || parts.value.some((part) => isMoving(part.transfer));
    })
  );
}

function isMoving({ state, isPaused }: Pick<Transfer<unknown>, 'state' | 'isPaused'>): boolean {
  return state.value.phase === 'running' && !isPaused.value;
}
