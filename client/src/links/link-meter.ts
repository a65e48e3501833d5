// What a link carried, and what the browser says of its path: asked for when somebody looks, so that links that nobody looks at
// cost nothing. The first look shows no path yet.

import type { LinkInfo } from '../peer/ports.ts';
import { STATS_MAX_AGE_MS } from './limits.ts';
import type { Connection, ConnectionStats } from './webrtc-connection.ts';

export class LinkMeter {
  readonly #now: () => number;
  #bytesSent = 0;
  #bytesReceived = 0;
  #stats: ConnectionStats | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** `now`: milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes;
  }

  received(bytes: number): void {
    this.#bytesReceived += bytes;
  }

  /** The path may be another one. */
  changed(): void {
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  /** Asks the browser anew, if what it said is old. */
  look(connection: Pick<Connection, 'stats'> | undefined): void {
    if (connection === undefined || this.#now() - this.#askedAt < STATS_MAX_AGE_MS) return;
    this.#askedAt = this.#now();
    void connection.stats().then((stats) => {
      this.#stats = stats;
    });
  }

  get info(): Pick<LinkInfo, 'path' | 'rttMs' | 'bytesSent' | 'bytesReceived'> {
    const { path, rttMs } = this.#stats ?? {};
    return {
      ...(path === undefined ? {} : { path }),
      ...(rttMs === undefined ? {} : { rttMs }),
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }
}
