// SIGINT, SIGTERM and SIGHUP: the first asks the command to stop in good order, the second ends the process at once. SIGINT
// (Ctrl+C) means that the user no longer wants it; the others, that it has to stop now and may go on later.

import { STOPPED } from '../peer/parallel.ts';

/** Also when npm, of which the command may be a child, goes away: it hands signals on to its shell only. */
const PARENT_CHECK_MS = 250;

/** Aborted at the first signal, with the reason STOPPED if it is not SIGINT. To be called once. */
export function stopSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(name === 'SIGINT' ? undefined : STOPPED);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      controller.abort(STOPPED);
    }, PARENT_CHECK_MS);
    check.unref();
  }
  return controller.signal;
}
