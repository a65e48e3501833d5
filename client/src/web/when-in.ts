// What a tab asks of the browser once all of the page is loaded: the screen while files are on their way, and the page's worker.

import type { PageModel } from './model/page-model.ts';
import { keepScreenOn } from './model/screen-lock.ts';
import { usePageWorker } from './page-worker.ts';

/** Never rejects. */
export async function whenIn(model: PageModel): Promise<void> {
  keepScreenOn(model, { page: document, locks: navigator.wakeLock });
  await usePageWorker(model);
}
