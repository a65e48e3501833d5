// Which browsers come first where all share a machine's cores: the one that is measured, as elsewhere it has them for itself. Linux.

import { readdir } from 'node:fs/promises';
import { constants, setPriority, userInfo } from 'node:os';
import type { Browser } from 'playwright';
import { processes } from './cpu.ts';

const { PRIORITY_HIGH, PRIORITY_NORMAL, PRIORITY_LOW } = constants.priority;
/** Root may put a browser before what else the machine does; anybody may put the others last. */
export const [MEASURED, OTHERS] =
  userInfo().uid === 0 ? [PRIORITY_HIGH, PRIORITY_NORMAL] : [PRIORITY_NORMAL, PRIORITY_LOW];

/** Of the threads that it has. To be called when its pages are open: Chromium gives a page's process the usual one. */
export async function setPriorities(browser: Browser, priority: number): Promise<void> {
  for (const { pid } of await processes(browser))
    for (const thread of await readdir(`/proc/${pid}/task`)) setPriority(Number(thread), priority);
}
