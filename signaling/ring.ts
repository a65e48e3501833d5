// What makes a ring the same ring after a restart of its Discovery node: its key, and who has which id.

import { keySuite, type OwnKeys } from '../client/src/trust/key-suite.ts';
import { IdRecords } from './id-records.ts';
import { RETURN_MS } from './limits.ts';
import { loadRecords, RecordFile } from './record-file.ts';
import { openRingKey, RingKeyError } from './ring-key.ts';

export interface Ring {
  readonly keys: OwnKeys;
  readonly records: IdRecords;
  /** No certificate can be about that the records never knew of. */
  readonly isComplete: boolean;
  /** Writes down what is not written yet. */
  readonly close: () => Promise<void>;
}

/** Where the records of a ring are, whose key is in the file `keyPath`. */
export function recordsPath(keyPath: string): string {
  return `${keyPath.replace(/\.json$/, '')}.ids.json`;
}

/** A new ring, which ends with the process. */
export async function createRing(): Promise<Ring> {
  const keys = await (await keySuite()).create('raw');
  return { keys, records: new IdRecords(), isComplete: true, close: async () => undefined };
}

export interface RingSurroundings {
  /** Seconds since 1970. */
  readonly seconds: () => number;
  /** Gets sentences for the operator. */
  readonly tell: (line: string) => void;
}

/** The ring whose key is in the file `keyPath`; a new one if there is no such file. Rejects with a RingKeyError. */
export async function openRing(keyPath: string, { seconds, tell }: RingSurroundings): Promise<Ring> {
  const { keys, isNew } = await openRingKey(keyPath, tell);
  if (isNew) tell(`made a key for this ring: ${keyPath}. Keep a copy of it`);
  const path = recordsPath(keyPath);
  const loaded = await loadRecords(path, keys.signKey).catch((error: unknown) => {
    const message = `cannot read or set aside ${path} (${String(error)}): let this user do so`;
    throw new RingKeyError(message, { cause: error });
  });
  const byCertificates = 'for some minutes nobody may choose an id, while the nodes come back to theirs';
  if (loaded.type === 'damaged') tell(`the records of ids are damaged, now ${loaded.as}: ${byCertificates}`);
  if (loaded.type === 'none' && !isNew) tell(`there are no records of ids: ${byCertificates}`);
  // After a long absence, or with a clock that was set ahead, even those that have ended are somebody's who may be in the ring still.
  const returnBy = seconds() + RETURN_MS / 1000;
  const all = loaded.type === 'loaded' ? loaded.records : [];
  const records = new IdRecords(
    all.map(([id, record]) => [id, { ...record, until: Math.max(record.until, returnBy) }]),
  );
  const file = new RecordFile({ path, ringKey: keys.signKey, records, seconds, warn: tell });
  return { keys, records, isComplete: isNew || loaded.type === 'loaded', close: () => file.close() };
}
