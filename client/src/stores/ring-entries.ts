// The keys of closed rings that this profile, directory or user has got into: made of the password or invitation, which is
// kept nowhere. They open the ring again until its secret is changed.

import * as v from 'valibot';
import { PeerError } from '../peer/errors.ts';
import type { Settings } from '../peer/ports.ts';
import {
  type Entry,
  type EntryAttempt,
  type EntryKeys,
  type EntryTerms,
  entryKeysOf,
  entryProof,
  isEntryAnswer,
} from '../trust/ring-entry.ts';

/** Of the setting: part of the format on disk. */
const RING_ENTRIES = 'ring-entries';
/** Rings whose keys are kept. */
const MAX_ENTRIES = 64;

const key = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{43}$/));
const entriesSchema = v.array(v.object({ ring: v.string(), salt: v.string(), client: key, server: key }));
type Kept = v.InferOutput<typeof entriesSchema>[number];

/** Asks for the secret; `problem`: why the last one was none, undefined at first. Undefined: there is none to be had. */
export type AskSecret = (problem: string | undefined) => Promise<string | undefined>;

export class RingEntries implements Entry {
  readonly #settings: Settings;
  readonly #ring: string;
  readonly #ask: AskSecret;
  #problem: string | undefined;
  /** Asked once, however many connections wait for it. */
  #asked: Promise<EntryKeys> | undefined;

  /** `ring`: its Discovery node's address. */
  constructor(settings: Settings, ring: string, ask: AskSecret) {
    this.#settings = settings;
    this.#ring = ring;
    this.#ask = ask;
  }

  async prove(terms: EntryTerms, text: string, mayAsk: boolean): Promise<EntryAttempt> {
    const kept = (await this.#all()).find(({ ring, salt }) => ring === this.#ring && salt === terms.salt);
    const keys = kept ?? (await this.#given(terms, mayAsk));
    return {
      proof: entryProof(keys, text),
      isAnswer: (answer) => answer !== undefined && isEntryAnswer(keys, text, answer),
      entered: async () => {
        if (kept === undefined) await this.#keep(terms, keys);
      },
    };
  }

  async wrong(message: string): Promise<void> {
    this.#problem = message;
    this.#asked = undefined;
    const all = await this.#all();
    const others = all.filter(({ ring }) => ring !== this.#ring);
    if (others.length < all.length) await this.#settings.set(RING_ENTRIES, others);
  }

  #given(terms: EntryTerms, mayAsk: boolean): Promise<EntryKeys> {
    if (this.#asked === undefined && !mayAsk) return Promise.reject(closed(this.#problem));
    this.#asked ??= this.#askFor(terms).catch((error: unknown) => {
      this.#asked = undefined;
      throw error;
    });
    return this.#asked;
  }

  async #askFor(terms: EntryTerms): Promise<EntryKeys> {
    const secret = await this.#ask(this.#problem);
    if (secret === undefined) throw closed(this.#problem);
    return entryKeysOf(secret, terms);
  }

  async #keep({ salt }: EntryTerms, { client, server }: EntryKeys): Promise<void> {
    const others = (await this.#all()).filter(({ ring }) => ring !== this.#ring);
    await this.#settings.set(
      RING_ENTRIES,
      [{ ring: this.#ring, salt, client, server }, ...others].slice(0, MAX_ENTRIES),
    );
  }

  async #all(): Promise<readonly Kept[]> {
    const result = v.safeParse(entriesSchema, await this.#settings.get(RING_ENTRIES));
    return result.success ? result.output : [];
  }
}

function closed(problem: string | undefined): PeerError {
  return new PeerError(
    'ring-closed',
    problem ?? 'This ring is closed: its password or an invitation opens it. Ask who runs it.',
  );
}
