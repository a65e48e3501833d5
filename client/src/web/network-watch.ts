// The machine's network: it comes back, or becomes another one (Wi-Fi to mobile). Links may then be dead without knowing it for
// many seconds, and what could not be reached before may be reached now.

export interface NetworkSource {
  /** The window, or like it. */
  readonly page: Pick<EventTarget, 'addEventListener'>;
  /** navigator.connection, which only Chromium has. */
  readonly connection: (Pick<EventTarget, 'addEventListener'> & { readonly type?: string }) | undefined;
}

/** Calls `changed` when the network is there again, or another one. */
export function watchNetwork({ page, connection }: NetworkSource, changed: () => void): void {
  page.addEventListener('online', changed);
  let type = connection?.type;
  // It also tells of every new estimate of the network's speed.
  connection?.addEventListener('change', () => {
    if (connection.type === type) return;
    type = connection.type;
    changed();
  });
}

/** Chromium's own navigator.connection, if this is Chromium. */
export function browserConnection(): NetworkSource['connection'] {
  const connection: unknown = Reflect.get(navigator, 'connection');
  return connection instanceof EventTarget ? connection : undefined;
}
