// Ids for tests, written short.

import { type Id, idFromPrefix } from '../../src/core/pastry/id.ts';
import type { NodeHandle } from '../../src/core/pastry/node-handle.ts';

export const DIGITS = 32;

/** The id that a hex prefix names. */
export function id(prefix: string): Id {
  return idOf(prefix, DIGITS);
}

/** The same in a ring of ids of so many digits. */
export function idOf(prefix: string, digits: number): Id {
  const named = idFromPrefix(prefix, digits);
  if (named === undefined) throw new Error(`no id: ${prefix}`);
  return named;
}

let makers = 0;

/** Makes ids for the messages of one life of one node, in order; no two lives make the same. */
export function messageIds(): () => string {
  makers += 1;
  const maker = makers.toString(16).padStart(16, '0');
  let last = 0;
  return () => {
    last += 1;
    return maker + last.toString(16).padStart(16, '0');
  };
}

export function handle(prefix: string): NodeHandle {
  return { nodeId: id(prefix), epoch: 1, device: `device-${prefix}`, coordinate: { x: 0, y: 0, height: 0, error: 1 } };
}
