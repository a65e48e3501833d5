// Every timer of the core by its kind, and what its key is.

import type { RequestId } from './io.ts';
import type { NodeId } from './pastry/id.ts';

/** One of a kind. */
type Single<Kind extends string> = { readonly kind: Kind; readonly key?: undefined };

type Keyed<Kind extends string, Key extends string | number> = { readonly kind: Kind; readonly key: Key };

type PastryTimer =
  /** An acknowledgement of the transmission of this token is awaited. */
  | Keyed<'hop', number>
  /** An answer to one kind of question is awaited from a node. */
  | Keyed<'ping-probe' | 'leaf-set-probe' | 'row-probe', NodeId>
  /** A node was told a moment ago that this one lives. */
  | Keyed<'refuted', NodeId>
  | Single<'join' | 'leaf-repair' | 'leaf-candidates' | 'row-choice' | 'improvement' | 'cell-repair'>
  /** A node asked for those closest to a key is awaited, by the question's id. */
  | Keyed<'closest', string>
  | Single<
      'audit' | 'second-look' | 'own-place' | 'strangers' | 'keepalive' | 'leaf-set-exchange' | 'row-exchange' | 'merge'
    >;

/** A request under way, by the number of its session. */
export type RequestTimer = Keyed<'request', number>;

export type PastTimer =
  /** By digest. */
  | Keyed<'store' | 'fetch-limit' | 'fetch-pause' | 'fetch-race' | 'pull' | 'divert', string>
  | Keyed<'list' | 'lease', RequestId>
  /** Offers to a peer are unanswered; it is not believed. */
  | Keyed<'offers' | 'believe', NodeId>
  /** A proof of holding is awaited, by its nonce. */
  | Keyed<'proof', string>
  /** Members of a replica set are searched, by the number of the search. */
  | Keyed<'search', number>
  | Single<'lease-sweep' | 'clock-check' | 'room-survey'>
  | Single<'disk-pace' | 'disk-proof' | 'spot-check' | 'count'>
  | Single<
      'loss-notices' | 'leave' | 'beyond-soon' | 'beyond-round' | 'repair-soon' | 'repair-settled' | 'repair-round'
    >;

export type TimerName = PastryTimer | RequestTimer | PastTimer;
