// The way from a file that is open to another one.

import type { Download } from '../../model/downloads.ts';
import type { PageModel } from '../../model/page-model.ts';

/** Closes it, and puts the user where the next link is pasted. */
export function openAnother(model: PageModel, download: Download): void {
  model.downloads.dismiss(download);
  model.go('#/open');
  // It stands below each file that is open.
  document.querySelector<HTMLElement>('#fetch-input')?.focus();
}
