// What simple-peer needs of Node's Duplex in the page: events, and data that is told to whoever listens as it comes. Sending
// goes past streams anyway (webrtc-connection.ts), and readable-stream would be a fifth of all that a newcomer loads.

type Listener = (...values: unknown[]) => void;

export class Duplex {
  readonly #listenersByEvent = new Map<string, Listener[]>();
  /** simple-peer looks at these before it ends its two halves. */
  readonly _readableState = { ended: false };
  readonly _writableState = { finished: false };
  destroyed = false;

  on(event: string, listener: Listener): this {
    this.#listenersByEvent.set(event, [...(this.#listenersByEvent.get(event) ?? []), listener]);
    return this;
  }

  once(event: string, listener: Listener): this {
    const only: Listener = (...values) => {
      this.removeListener(event, only);
      listener.apply(this, values);
    };
    onceOf.set(only, listener);
    return this.on(event, only);
  }

  removeListener(event: string, listener: Listener): this {
    const left = (this.#listenersByEvent.get(event) ?? []).filter(
      (each) => each !== listener && onceOf.get(each) !== listener,
    );
    this.#listenersByEvent.set(event, left);
    return this;
  }

  removeAllListeners(): this {
    this.#listenersByEvent.clear();
    return this;
  }

  /** As in Node, an error that nobody listens for is thrown. */
  emit(event: string, ...values: unknown[]): boolean {
    const listeners = this.#listenersByEvent.get(event) ?? [];
    if (event === 'error' && listeners.length === 0) throw values[0];
    for (const listener of listeners) listener.apply(this, values);
    return listeners.length > 0;
  }

  /** Data from the other end; null after the last. */
  push(chunk: unknown): boolean {
    if (chunk === null) this._readableState.ended = true;
    else this.emit('data', chunk);
    return true;
  }

  /** Nothing waits to be written. */
  end(): this {
    this._writableState.finished = true;
    this.emit('finish');
    return this;
  }
}

/** What a listener for one time was made of. */
const onceOf = new WeakMap<Listener, Listener>();
