// The rings of a Discovery node beside its first one, and what opens each, in a file beside the ring's key. No secret is in it:
// only what checks proofs of them (client/src/trust/ring-entry.ts).

import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { DEFAULT_RING_PARAMS, type RingParams } from '../client/src/core/pastry/params.ts';
import { OptionError } from './option-values.ts';
import { entryTerms, ringParamsSchema } from './protocol.ts';
import { isRingName, MAIN_RING } from './ring-names.ts';

const MAX_RINGS = 100;
/** Invitations and a password; each is tried for each proof, a few microseconds. */
const MAX_SECRETS = 100;
const OWNER_ONLY = { file: 0o600, directory: 0o700 };

const key = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{43}$/));
const Secret = v.object({
  kind: v.picklist(['password', 'invitation']),
  /** By which its owner takes it back. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
  stored: key,
  server: key,
});
const ListedRing = v.object({
  name: v.pipe(
    v.string(),
    v.check((name) => name === MAIN_RING || isRingName(name)),
  ),
  params: v.optional(v.partial(ringParamsSchema)),
  entry: v.optional(v.object({ ...entryTerms.entries, secrets: v.pipe(v.array(Secret), v.maxLength(MAX_SECRETS)) })),
});
export type ListedRing = v.InferOutput<typeof ListedRing>;
export type RingSecret = v.InferOutput<typeof Secret>;
const RingList = v.object({ version: v.literal(1), rings: v.pipe(v.array(ListedRing), v.maxLength(MAX_RINGS)) });

/** Those that were set, and the defaults of today. */
export function paramsOf({ params }: ListedRing): RingParams {
  return v.parse(ringParamsSchema, { ...DEFAULT_RING_PARAMS, ...params });
}

/** Where they are listed, given where the first ring's key is. */
export function ringListPath(ringKeyPath: string): string {
  return join(dirname(ringKeyPath), 'rings.json');
}

/** Where the key of a listed ring is. */
export function ringKeyPathOf(ringKeyPath: string, name: string): string {
  return join(dirname(ringKeyPath), 'rings', `${name}.json`);
}

/** None if there is no file. Rejects with an OptionError: it cannot be read, or is damaged. */
export async function readRings(path: string): Promise<readonly ListedRing[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new OptionError(`cannot read the list of rings in ${path} (${String(error)}): let this user read it`);
  }
  try {
    return v.parse(RingList, JSON.parse(text)).rings;
  } catch {
    throw new OptionError(
      `the list of rings in ${path} is damaged: put a copy of it there, or move it away and add its rings again`,
    );
  }
}

/** It appears whole or not at all. Rejects with an OptionError. */
export async function writeRings(path: string, rings: readonly ListedRing[]): Promise<void> {
  if (rings.length > MAX_RINGS) throw new OptionError(`there are ${MAX_RINGS} rings already: remove one first`);
  if (rings.some(({ entry }) => (entry?.secrets.length ?? 0) > MAX_SECRETS))
    throw new OptionError(`the ring has ${MAX_SECRETS} invitations already: take some back first`);
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY.directory });
    await writeFile(temporary, `${JSON.stringify({ version: 1, rings }, null, 2)}\n`, {
      mode: OWNER_ONLY.file,
      flush: true,
    });
    await giveToOwner(temporary, dirname(path));
    await rename(temporary, path);
  } catch (error) {
    throw new OptionError(`cannot write the list of rings to ${path} (${String(error)})`);
  }
}

/** What root writes in a service's folder the service must be able to read, also one whose user systemd has made up (DynamicUser). */
async function giveToOwner(file: string, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  await chown(file, uid, gid);
}
