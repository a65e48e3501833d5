// Loads what computes over many bytes (bulk-thread.ts), which a tab does not need to join.

type BulkThread = typeof import('./bulk-thread.ts');

/** Undefined if it cannot be loaded: who serves the page may be away. */
export async function bulkThread(): Promise<BulkThread | undefined> {
  return import('./bulk-thread.ts').catch(() => undefined);
}

/** Loads it, and the worker's script, while who serves the page is there. Where there are no workers nothing is to be done. Never rejects. */
export async function prepareThread(): Promise<void> {
  if (typeof Worker !== 'undefined') await (await bulkThread())?.prepare();
}
