// Whoever wants to know what happens.

export class Listeners<Event> {
  readonly #listeners = new Set<(event: Event) => void>();

  /** Calls `listener` on every event until the returned function is called. */
  add(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Event): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's mistake must show, but not stop whoever tells.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
