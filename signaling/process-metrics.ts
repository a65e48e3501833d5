// What the process costs, for Prometheus: processor, memory, files, garbage, and how far its event loop lags behind.

import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Once in a process: it measures as long as the process lives. */
export function watchProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}
