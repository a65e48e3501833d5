// Everything that members can do against the others, all at once and without end; what they only have to be asked for they do by
// their manners (hostile-crew.ts).

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { crowdName } from './crowded-names.ts';
import { GuessedAnswers } from './guessed-answers.ts';
import { HearsayFlood } from './hearsay-flood.ts';
import type { HostileCrew, Traps } from './hostile-crew.ts';
import type { HostilePeer } from './hostile-peer.ts';
import { InventedNodes } from './invented-nodes.ts';
import { registerStranger } from './registrations.ts';
import { forgedOffer, ownOffer } from './stolen-offers.ts';

const CROWDS = [1, 5, 20];
const STRANGERS_EVERY_SECOND = 5;
/** Of one kind of attack; those of the others come in between. */
const PAUSE_MS = {
  ...{ invented: 2_000, signals: 200, guesses: 50, hearsay: 1_000, garbage: 1_000 },
  ...{ junk: 1_000, names: 2_000, registrations: 200 },
};
const GARBAGE_BYTES = 200;
/** Stores of junk at once, and their size: so small that many fit into what a peer lets one storer have. */
const JUNK_FILES = 4;
const JUNK_BYTES = 64 * 1024;
const RECORDS_AT_ONCE = 8;

export interface AttackOptions {
  /** Where the Discovery node is. */
  readonly server: string;
  readonly traps: Traps;
  readonly victims: readonly NodeId[];
  /** Digests of what they hold. */
  readonly digests: readonly string[];
}

/** Goes on until the signal is aborted; resolves when all of it has ended. */
export async function attackAll(crew: HostileCrew, options: AttackOptions, signal: AbortSignal): Promise<void> {
  const { victims, digests, traps, server } = options;
  const { breaker: hostile, filler } = crew;
  const guesses = await GuessedAnswers.prepare(hostile);
  const flood = new HearsayFlood(hostile);
  const crowds: InventedNodes[] = [];
  for (const count of CROWDS) crowds.push(await InventedNodes.make(hostile, victims, count, digests));
  let round = 0;
  const attacks: Readonly<Record<keyof typeof PAUSE_MS, () => unknown>> = {
    invented: () => {
      round += 1;
      for (const nodeId of victims) hostile.links.connect(nodeId);
      return crowds[round % crowds.length]?.speak();
    },
    signals: () => stealLink(hostile, victims),
    guesses: () => guesses.guess(victims),
    hearsay: () => flood.tell(victims, STRANGERS_EVERY_SECOND),
    garbage: () => victims.map((victim) => hostile.sayRaw(victim, randomBytes(GARBAGE_BYTES))),
    junk: () => storeJunk(filler),
    names: () => crowdName(filler, traps.crowded, RECORDS_AT_ONCE),
    registrations: () => registerStranger(server),
  };
  await Promise.all(
    Object.entries(attacks).map(async ([name, attack]) => {
      while (!signal.aborted) {
        await attack();
        await delay(PAUSE_MS[name as keyof typeof PAUSE_MS]);
      }
    }),
  );
}

/** Most is refused, once the quota is used up. */
function storeJunk({ peer }: HostilePeer): Promise<unknown> {
  const files = Array.from({ length: JUNK_FILES }, () => new File([randomBytes(JUNK_BYTES)], 'junk'));
  return Promise.allSettled(files.map((file) => peer.store(file)));
}

/** Tries to be one of two victims to the other. */
async function stealLink(hostile: HostilePeer, victims: readonly NodeId[]): Promise<void> {
  const [victim, claimed] = [pick(victims), pick(victims)];
  if (victim === claimed) return;
  hostile.saySignal(victim, claimed, await ownOffer(hostile, victim));
  hostile.saySignal(victim, claimed, await forgedOffer(hostile, victim, claimed));
}

function pick(ids: readonly NodeId[]): NodeId {
  const id = ids[randomBytes(4).readUInt32LE() % ids.length];
  if (id === undefined) throw new Error('nobody to pick');
  return id;
}
