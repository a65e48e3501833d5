// How fast a file went across a network, for who reads a test's output: nothing is bounded by it.

/** Resolves as `work` does, which moves `bytes`. */
export async function timed<T>(what: string, bytes: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s`);
  return result;
}
