// SIGINT, SIGTERM and SIGHUP: the first asks the command to stop in good order, the second ends the process at once.

/** Also when npm, of which the command may be a child, goes away: it hands signals on to its shell only. */
const PARENT_CHECK_MS = 250;

/** Aborted at the first signal. To be called once. */
export function stopSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      controller.abort();
    }, PARENT_CHECK_MS);
    check.unref();
  }
  return controller.signal;
}
