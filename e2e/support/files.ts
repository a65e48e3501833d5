// Files for the tests: made in the tab from a seed, so that nothing large passes between test and browser, and compared
// by digest.

import { createHash } from 'node:crypto';
import type { StoredFile } from '../../client/src/peer/api.ts';
import type { Tab } from './ring.ts';

export interface TestFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Different seeds, different bytes. */
  readonly seed: number;
}

export interface FetchedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly sha256: string;
}

/** The bytes of a test file: xorshift32, four bytes a step. */
export function bytesOf(file: TestFile): Uint8Array {
  const words = new Uint32Array(Math.ceil(file.size / 4));
  let state = file.seed | 1;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, file.size);
}

/** What fetching the file must give. */
export function expected(file: TestFile): FetchedFile {
  const { name, type, size } = file;
  return { name, type, size, sha256: createHash('sha256').update(bytesOf(file)).digest('hex') };
}

export async function storeIn(
  tab: Tab,
  file: TestFile,
  options: { readonly isPublic?: boolean } = {},
): Promise<StoredFile> {
  return tab.page.evaluate(
    async ({ file, source, options }) => {
      const make: (file: TestFile) => Uint8Array<ArrayBuffer> = new Function(`return ${source}`)();
      if (window.tabring === undefined) throw new Error('not registered');
      return window.tabring.store(new File([make(file)], file.name, { type: file.type }), options);
    },
    { file, source: bytesOf.toString(), options },
  );
}

export async function fetchIn(tab: Tab, linkOrId: string): Promise<FetchedFile> {
  return tab.page.evaluate(async (linkOrId) => {
    if (window.tabring === undefined) throw new Error('not registered');
    const file = await window.tabring.retrieve(linkOrId);
    const bytes = await (await file.blob()).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return { name: file.name, type: file.type, size: file.size, sha256 };
  }, linkOrId);
}

/** The code of the error that fetching ends in; fails if it does not. */
export async function fetchErrorIn(tab: Tab, linkOrId: string): Promise<{ code: string; message: string }> {
  return tab.page.evaluate(async (linkOrId) => {
    try {
      await (await window.tabring?.retrieve(linkOrId))?.blob();
    } catch (error) {
      if (error instanceof Error) return { code: String(Reflect.get(error, 'code')), message: error.message };
    }
    throw new Error(`${linkOrId} was fetched`);
  }, linkOrId);
}

/** Waits until all files of this tab have their copies. */
export async function copiesComplete(tab: Tab, copies: number): Promise<void> {
  await tab.page.waitForFunction(
    (copies) => window.tabring?.listFiles().own.every((file) => file.copies >= copies),
    copies,
    { polling: 100 },
  );
}
