// The scripts of the shared directory, typed: what each is asked, and what it answers. What Redis says is checked, since others
// may have written there.

import * as v from 'valibot';
import { isAnyId, type NodeId } from '../../client/src/core/pastry/id.ts';
import type { Peer, Registered, RegistrationOutcome, RegistrationWish } from '../registration.ts';
import type { RedisConnection } from './connection.ts';

/** Bits of a node's class, as in sponsors.ts. */
export const STALE = 1;
export const SEEKING = 2;
export const SILENT = 4;

/** What time has done to classes: bits to set and to clear, by id. */
export type Moves = Readonly<Record<NodeId, readonly [set: number, clear: number]>>;

const nodeIdSchema = v.custom<NodeId>((value) => typeof value === 'string' && isAnyId(value));

/** A registration as it lies in Redis. */
export interface SharedEntry extends Peer {
  /** What counts as one network address with its own. */
  readonly group: string;
  /** At which its socket is. */
  readonly server: string;
  readonly class: number;
  readonly untilSeconds: number;
}
const Entry: v.GenericSchema<unknown, SharedEntry> = v.object({
  role: v.picklist(['node', 'client']),
  nodeId: nodeIdSchema,
  epoch: v.number(),
  signKey: v.string(),
  agreeKey: v.string(),
  device: v.string(),
  address: v.string(),
  group: v.string(),
  holder: v.string(),
  server: v.string(),
  class: v.number(),
  untilSeconds: v.number(),
});

export interface Sizes {
  readonly nodes: number;
  readonly clients: number;
}
const sizes = v.object({ nodes: v.number(), clients: v.number() });

/** Lua writes an empty list as an object. */
const list = v.pipe(
  v.union([v.array(v.string()), v.strictObject({})]),
  v.transform((value) => (Array.isArray(value) ? value : [])),
);

/** `isNew`: the identity took up an admission. */
export type SharedOutcome =
  | (Registered & { readonly peer: SharedEntry; readonly isNew: boolean; readonly sizes: Sizes })
  | Exclude<RegistrationOutcome, Registered>;
const Outcome: v.GenericSchema<unknown, SharedOutcome> = v.union([
  v.pipe(
    v.object({
      type: v.literal('registered'),
      peer: Entry,
      refusal: v.optional(v.picklist(['taken', 'not-allowed'])),
      sponsor: v.optional(nodeIdSchema),
      displaced: v.optional(v.object({ holder: v.string(), isOtherLife: v.boolean() })),
      gaveUp: v.optional(Entry),
      isNew: v.optional(v.boolean(), false),
      sizes,
    }),
    v.transform(({ refusal, sponsor, displaced, gaveUp, ...rest }) => ({
      ...{ ...rest, refusal, sponsor, displaced, gaveUp },
    })),
  ),
  v.object({ type: v.literal('refused'), reason: v.picklist(['taken', 'superseded']) }),
  v.object({ type: v.literal('full'), reason: v.picklist(['peers', 'address', 'ids', 'admissions']) }),
]);

interface Found {
  readonly peer?: SharedEntry | undefined;
}
const found = { peer: v.optional(Entry) };
const Found: v.GenericSchema<unknown, Found> = v.object(found);
const Removed: v.GenericSchema<unknown, Found & { sizes: Sizes }> = v.object({ ...found, sizes });
/** `isAnswered`: both have exchanged signals with somebody. */
const Signalled: v.GenericSchema<unknown, Found & { isAnswered: boolean }> = v.object({
  ...found,
  isAnswered: v.boolean(),
});
const Named: v.GenericSchema<unknown, { sponsor?: NodeId | undefined }> = v.object({
  sponsor: v.optional(nodeIdSchema),
});
const Freed = v.object({ isFreed: v.boolean() });
const Opened = v.object({ problem: v.optional(v.picklist(['key', 'params'])) });
const Beaten = v.object({ isLost: v.boolean(), dead: v.optional(v.string()), count: v.number(), sizes });
const Announced = v.object({ gone: list, sizes });
const Held = v.object({ holders: list });
const Reaped = v.object({ removed: v.number(), left: v.number(), sizes });
const Nothing = v.object({});

/** A wish as the script takes it: with what only a Discovery node knows. */
export interface SharedWish
  extends Omit<RegistrationWish, 'admission' | 'until'>,
    Pick<SharedEntry, 'group' | 'server' | 'untilSeconds'> {
  readonly seconds: number;
  readonly isAdmitted: boolean;
  /** Where the search for a free id begins. */
  readonly randomId: string;
  readonly most: number;
  readonly mostOfAddress: number;
  readonly mostRecords: number;
  /** How long records may be incomplete, milliseconds. */
  readonly returnMs: number;
  readonly moves: Moves;
  readonly seed: number;
  readonly looksBeyond: boolean;
}

interface Opening extends Bounded {
  readonly ringKey: string;
  readonly params: string;
  readonly isComplete: boolean;
  readonly records: readonly (readonly [NodeId, string | false, number, number])[];
  readonly leaseMs: number;
  /** The ring's time, and how long owners of ids may take to be back after all servers were away. */
  readonly seconds: number;
  readonly returnMs: number;
}

interface Beat extends Pick<Opening, 'ringKey' | 'params'> {
  readonly server: string;
  readonly moves: Moves;
  readonly leaseMs: number;
}

interface Bounded {
  readonly mostRecords: number;
}

interface Removal extends Bounded {
  readonly holder: string;
  readonly freesId: boolean;
}

interface Renewal extends Bounded {
  readonly holder: string;
  readonly untilSeconds: number;
}

interface Freeing extends Bounded {
  readonly nodeId: NodeId;
  readonly seconds: number;
}

interface Signal {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly leaseMs: number;
  readonly mostCallers: number;
}

interface SponsorQuestion {
  readonly holder: string;
  readonly moves: Moves;
  readonly seed: number;
  readonly looksBeyond: boolean;
}

interface Announcement extends Bounded {
  readonly entries: readonly SharedEntry[];
  readonly leaseMs: number;
}

interface Reaping extends Bounded {
  readonly server: string;
  readonly isGoodbye: boolean;
  readonly leaseMs: number;
  readonly batch: number;
}

export class Registry {
  readonly #connection: RedisConnection;
  readonly #prefix: string;

  /** `prefix`: of all names of this ring. */
  constructor(connection: RedisConnection, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  open(ask: Opening): Promise<v.InferOutput<typeof Opened>> {
    return this.#run('open', Opened, ask);
  }

  register(ask: SharedWish): Promise<SharedOutcome> {
    return this.#run('register', Outcome, ask);
  }

  remove(ask: Removal): Promise<Found & { sizes: Sizes }> {
    return this.#run('remove', Removed, ask);
  }

  renew(ask: Renewal): Promise<object> {
    return this.#run('renew', Nothing, ask);
  }

  free(ask: Freeing): Promise<v.InferOutput<typeof Freed>> {
    return this.#run('free', Freed, ask);
  }

  lookUp(ask: { nodeId: NodeId }): Promise<Found> {
    return this.#run('lookUp', Found, ask);
  }

  signal(ask: Signal): Promise<Found & { isAnswered: boolean }> {
    return this.#run('signal', Signalled, ask);
  }

  sponsor(ask: SponsorQuestion): Promise<{ sponsor?: NodeId | undefined }> {
    return this.#run('sponsor', Named, ask);
  }

  beat(ask: Beat): Promise<v.InferOutput<typeof Beaten>> {
    return this.#run('beat', Beaten, ask);
  }

  announce(ask: Announcement): Promise<v.InferOutput<typeof Announced>> {
    return this.#run('announce', Announced, ask);
  }

  held(ask: { server: string }): Promise<v.InferOutput<typeof Held>> {
    return this.#run('held', Held, ask);
  }

  reap(ask: Reaping): Promise<v.InferOutput<typeof Reaped>> {
    return this.#run('reap', Reaped, ask);
  }

  async #run<Schema extends v.GenericSchema>(
    name: Parameters<RedisConnection['run']>[0],
    schema: Schema,
    ask: object,
  ): Promise<v.InferOutput<Schema>> {
    return v.parse(schema, await this.#connection.run(name, this.#prefix, ask));
  }
}
