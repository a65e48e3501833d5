// What is loaded later than the rest, and may fail to be: the Discovery node, which serves a tab its parts, may be away just then.
// Chromium (156) asks anew for a module that failed, and for those that it imports. Firefox (153) remembers a failure for as long as
// the page is open, so that there only a reload helps: whoever is told of a failure is to be told that too.

/** Milliseconds before a second try; doubled each time, up to the longest. */
export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 15_000;

/** Something that is loaded once. */
export interface Lazy<Part> {
  /** One try, unless it is there or on its way; rejects as `load` does. For those who can ask again. */
  once(): Promise<Part>;
  /** Tried until it is there: never rejects. `failed` is called after each try in vain. */
  whenThere(failed?: (error: unknown) => void): Promise<Part>;
}

/** `pause` resolves after some milliseconds, or before if there is a reason to hope again. */
export function lazily<Part>(load: () => Promise<Part>, pause = untilOnline): Lazy<Part> {
  let loading: Promise<Part> | undefined;
  const once = (): Promise<Part> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  const whenThere = async (failed?: (error: unknown) => void): Promise<Part> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await once();
      } catch (error) {
        failed?.(error);
        await pause(pauseMs);
      }
    }
  };
  return { once, whenThere };
}

/** Or until the browser tells that there is a network. */
function untilOnline(pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, pauseMs);
    // Node has no such event.
    globalThis.addEventListener?.('online', () => resolve(), { once: true });
  });
}
