// The ring's own key pair, in a file that only its owner may read: made at the first start, never replaced.
// Who has the private key can certify any id: several Discovery nodes of one ring share it, and nobody else.

import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { keySuite, type OwnKeys } from '../client/src/trust/key-suite.ts';

/** What is wrong with the file, and what to do. */
export class RingKeyError extends Error {}

/** Owner reads and writes, nobody else. */
const PRIVATE_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;
/** Permissions of anybody but the owner. */
const OTHERS = 0o077;

const ABOUT =
  'The private key of a Tabring ring. Keep it secret, and keep a copy: nodes trust no other Discovery node.';

const KeyFile = v.object({
  version: v.literal(1),
  /** The public key, to see that the private one is whole. */
  ringKey: v.string(),
  keys: v.object({ kind: v.literal('raw'), sign: v.string(), agree: v.string() }),
});

export interface RingKey {
  readonly keys: OwnKeys;
  /** It was made just now: no certificate can have been signed with it before. */
  readonly isNew: boolean;
}

/** The key in the file `path`, which is made if there is none. `warn` gets a sentence about one that others may read. */
export async function openRingKey(path: string, warn: (line: string) => void): Promise<RingKey> {
  const found = await readKey(path);
  if (found !== undefined) {
    await tighten(path, warn);
    return { keys: found, isNew: false };
  }
  const keys = await (await keySuite()).create('raw');
  const text = `${JSON.stringify({ about: ABOUT, version: 1, ringKey: keys.signKey, keys: keys.stored }, null, 2)}\n`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE });
    if (await writeNew(path, text)) return { keys, isNew: true };
  } catch (error) {
    throw new RingKeyError(
      `cannot write the ring's key to ${path} (${reason(error)}): name another file with --ring-key`,
      { cause: error },
    );
  }
  // Another Discovery node has made it at the same time.
  const others = await readKey(path);
  if (others === undefined) throw new RingKeyError(`the ring's key in ${path} came and went: start again`);
  return { keys: others, isNew: false };
}

/** Undefined: there is no file. */
async function readKey(path: string): Promise<OwnKeys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw new RingKeyError(
      `cannot read the ring's key in ${path} (${reason(error)}): let this user read it, or name another with --ring-key`,
      { cause: error },
    );
  }
  try {
    const { ringKey, keys } = v.parse(KeyFile, JSON.parse(text));
    const opened = await (await keySuite()).open(keys);
    if (opened.signKey === ringKey) return opened;
  } catch (error) {
    throw new RingKeyError(damaged(path), { cause: error });
  }
  throw new RingKeyError(damaged(path));
}

function damaged(path: string): string {
  return (
    `the ring's key in ${path} is damaged: put a copy of it there. If there is none, move the file away: ` +
    'a new key is made, which is a new ring to all nodes until their users accept it'
  );
}

/** False if the file is there already. It appears whole or not at all. */
async function writeNew(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  await write(temporary, text);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
    // A file system without hard links, such as a memory stick's.
    await write(path, text);
    return true;
  } finally {
    await unlink(temporary);
  }
}

async function write(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', PRIVATE_MODE);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function tighten(path: string, warn: (line: string) => void): Promise<void> {
  // Windows keeps permissions elsewhere and shows none here.
  if (process.platform === 'win32' || ((await stat(path)).mode & OTHERS) === 0) return;
  try {
    await chmod(path, PRIVATE_MODE);
    warn(`others could read the ring's key in ${path}: now only this user can`);
  } catch (error) {
    warn(`others can read the ring's key in ${path} (${reason(error)}): who has it can be any node of this ring`);
  }
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
