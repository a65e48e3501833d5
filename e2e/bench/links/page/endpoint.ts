// One end of a contender's links, as every page here offers it.

import type { Talk } from './talk.ts';

export interface Endpoint {
  /** What the other end calls this one. */
  readonly name: string;
  /** Opens a link to the endpoint of that name in another tab, which answers by itself. */
  connect(name: string): Promise<Talk>;
}

/** Gets an endpoint ready to be called, registered with whatever it needs. */
export type StartEndpoint = () => Promise<Endpoint>;

/** The fastest pacing of a data channel here: filled up to the one whenever it has fallen to the other, bytes. */
export const BUFFER_FULL_BYTES = 128 * 1024;
export const BUFFER_LOW_BYTES = 64 * 1024;
