// Leases as the disk keeps them: what an older version, a person or a failing disk has written is checked.

import * as v from 'valibot';
import type { Leased } from '../core/past/lease.ts';
import { type Id, isAnyId } from '../core/pastry/id.ts';

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const naturalNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const leased = v.object({
  block: v.object({
    key: v.custom<Id>((value) => typeof value === 'string' && isAnyId(value)),
    digest,
    size: naturalNumber,
  }),
  leases: v.array(
    v.object({
      digest,
      owner: v.pipe(v.string(), v.regex(/^([\w-]{43})?$/)),
      expires: naturalNumber,
      serial: naturalNumber,
      ends: v.boolean(),
      signature: v.pipe(v.string(), v.regex(/^([\w-]{86})?$/)),
    }),
  ),
});

/** Undefined of what are no leases of one block. */
export function parseLeased(value: unknown): Leased | undefined {
  const parsed = v.safeParse(leased, value);
  if (!parsed.success) return undefined;
  const { block, leases } = parsed.output;
  return leases.every((lease) => lease.digest === block.digest) ? { block, leases } : undefined;
}
