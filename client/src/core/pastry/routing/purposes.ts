// Why a node asks the ring: each request says so, and its outcome goes by it.

import type { Output, RequestId } from '../../io.ts';
import type { PastPurpose } from '../../past/purposes.ts';
import type { Key } from '../id.ts';
import type { Cell } from '../tables/routing-table.ts';
import { type Outcome, routeOf } from './requests.ts';

/** The driver wants to know a key's root. */
export interface LookupPurpose {
  readonly type: 'lookup';
  readonly request: RequestId;
  readonly key: Key;
}

/** Somebody for an empty cell, which would route `key`. */
export interface CellPurpose {
  readonly type: 'cell';
  readonly cell: Cell;
  readonly key: Key;
}

/** One of the two lookups of an audit (audits.ts). */
export interface AuditPurpose {
  readonly type: 'audit';
  readonly audit: number;
}

export type Purpose = LookupPurpose | CellPurpose | AuditPurpose | PastPurpose;

/** What the driver is told of its lookup. */
export function lookupOutput({ request, key }: LookupPurpose, outcome: Outcome): Output {
  const route = routeOf(outcome);
  const root = route?.at(-1);
  if (route !== undefined && root !== undefined) return { type: 'looked-up', request, key, root, route };
  const reason = outcome.type === 'failed' ? outcome.reason : 'bad-reply';
  return { type: 'lookup-failed', request, key, reason };
}
