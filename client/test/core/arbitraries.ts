// Random ids and handles for the core's tests.

import fc from 'fast-check';
import type { Id, NodeId } from '../../src/core/pastry/id.ts';
import { type NodeHandle, UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';

export function id(hex: string): Id {
  return hex as Id;
}

export function handle(nodeId: NodeId, epoch = 1): NodeHandle {
  return { nodeId, epoch, device: `device-of-${nodeId}`, coordinate: UNKNOWN_COORDINATE };
}

/** One to sixty different 16-bit ids. */
export const ids16 = fc
  .uniqueArray(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 60 })
  .map((values) => values.map((value) => id(value.toString(16).padStart(4, '0'))));
