// The records of ids in a file beside the ring's key. It is written whole, under another name first, and a moment after a
// change, so that many changes are written once; a crash loses the last second, which the owners' certificates tell.

import { readFile, rename, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { isId, type NodeId } from '../client/src/core/pastry/id.ts';
import type { IdRecord, IdRecords } from './id-records.ts';
import { MAX_RECORDS } from './limits.ts';

/** From a change to its writing at least, milliseconds. */
const WRITE_DELAY_MS = 1_000;
/** Writing many records takes at most one part in so many of the time. */
const IDLE_SHARE = 200;

const Records = v.object({
  version: v.literal(1),
  ringKey: v.string(),
  records: v.pipe(
    v.array(
      v.tuple([
        v.pipe(v.string(), v.regex(/^[0-9a-f]{1,64}$/)),
        v.nullable(v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{43}$/))),
        v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      ]),
    ),
    v.maxLength(MAX_RECORDS),
  ),
});

export type LoadedRecords =
  | { readonly type: 'loaded'; readonly records: readonly (readonly [NodeId, IdRecord])[] }
  | { readonly type: 'none' }
  /** Set aside under the name `as`. */
  | { readonly type: 'damaged'; readonly as: string };

/** The records in the file `path` of the ring with this key. Rejects with the system's error if there is a file that cannot be read. */
export async function loadRecords(path: string, ringKey: string): Promise<LoadedRecords> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { type: 'none' };
    throw error;
  }
  const records = parseRecords(text, ringKey);
  if (records !== undefined) return { type: 'loaded', records };
  const as = `${path}.damaged`;
  await rename(path, as);
  return { type: 'damaged', as };
}

function parseRecords(text: string, ringKey: string): readonly (readonly [NodeId, IdRecord])[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined; // the caller says that it is damaged
  }
  const parsed = v.safeParse(Records, json);
  if (!parsed.success || parsed.output.ringKey !== ringKey) return undefined;
  return parsed.output.records.flatMap(([nodeId, signKey, until, epoch]) =>
    isId(nodeId, nodeId.length) ? [[nodeId, { signKey: signKey ?? undefined, until, epoch }] as const] : [],
  );
}

export interface RecordFileParts {
  readonly path: string;
  readonly ringKey: string;
  readonly records: IdRecords;
  /** Seconds since 1970. */
  readonly seconds: () => number;
  /** Told in a sentence if the file cannot be written, once until it can. */
  readonly warn: (line: string) => void;
}

export class RecordFile {
  readonly #parts: RecordFileParts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #isChanged = false;
  #hasFailed = false;
  /** How long the last writing kept the process from all else, milliseconds. */
  #lastCostMs = 0;

  constructor(parts: RecordFileParts) {
    this.#parts = parts;
    parts.records.changed = () => {
      this.#isChanged = true;
      this.#schedule();
    };
  }

  /** Writes what has changed; resolves when it is on the disk, or cannot be. */
  async close(): Promise<void> {
    this.#parts.records.changed = () => undefined;
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#isChanged) await this.#write();
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    const delay = Math.max(WRITE_DELAY_MS, this.#lastCostMs * IDLE_SHARE);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#isChanged && !this.#hasFailed) this.#schedule();
      });
    }, delay);
    this.#timer.unref();
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    const { path, warn } = this.#parts;
    this.#isChanged = false;
    const temporary = `${path}.new`;
    try {
      await writeFile(temporary, this.#text(), { mode: 0o600 });
      await rename(temporary, path);
      this.#hasFailed = false;
    } catch (error) {
      this.#isChanged = true;
      if (!this.#hasFailed) warn(`cannot write ${path}: ${String(error)}`);
      this.#hasFailed = true;
    }
  }

  #text(): string {
    const { ringKey, records, seconds } = this.#parts;
    const startedAt = performance.now();
    const lines = records
      .running(seconds())
      .map(([nodeId, { signKey = null, until, epoch }]) => JSON.stringify([nodeId, signKey, until, epoch]));
    this.#lastCostMs = performance.now() - startedAt;
    return `{"version":1,"ringKey":${JSON.stringify(ringKey)},"records":[\n${lines.join(',\n')}\n]}\n`;
  }
}
