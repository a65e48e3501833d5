// A folder as one zip, for browsers that write no folders: as long as it was said to be, and all of it in its place.

import { expect, test } from 'vitest';
import { openFolder } from '../../src/peer/folder-reader.ts';
import { zipOf } from '../../src/web/saving/zip-stream.ts';
import { fileToStore, readFolder } from '../peer/read-folder.ts';
import { someBytes } from '../peer/transfer-node.ts';
import { zipFiles } from './zip-files.ts';

test('a zip has all files of the folder, of the length that was told before', async () => {
  const contentByPath = new Map<string, Uint8Array>([
    ['a.txt', someBytes(5, 1)],
    ['A.TXT', someBytes(6, 2)],
    ['naïve/日本', new Uint8Array(0)],
    ['deep/er/large', someBytes(3_000_000, 3)],
  ]);
  const files = [...contentByPath].map(([path, bytes]) => fileToStore(path, bytes));
  const { whole } = await readFolder(files, ['none'], 70_000);
  const zip = zipOf(whole, await openFolder(whole), {});
  const bytes = Buffer.from(await (await zip.blob()).arrayBuffer());
  expect([zip.name, bytes.length]).toEqual(['photos.zip', zip.size]);
  const found = zipFiles(bytes);
  // Where two names differ in their case alone, some systems would write one file.
  const names = ['a.txt', 'A (2).TXT', 'naïve/日本', 'deep/er/large'].map((path) => `photos/${path}`);
  expect([...found.keys()]).toEqual([...names, 'photos/none/']);
  for (const [index, content] of [...contentByPath.values()].entries())
    expect(found.get(names[index] ?? '')?.equals(content)).toBe(true);
});

test('chunks are their reader’s own, and a zip whose folder breaks off fails', async () => {
  const folder = await readFolder([fileToStore('a', someBytes(3_000_000, 1))], [], 70_000);
  const opened = await openFolder(folder.whole);
  const reader = zipOf(folder.whole, opened, {}).stream().getReader();
  const first = await reader.read();
  if (first.done) throw new Error('empty');
  // As a message to a worker does.
  structuredClone(first.value, { transfer: [first.value.buffer] });
  expect((await reader.read()).done).toBe(false);
  await reader.cancel();
  folder.breakAt = 2_900_000;
  await expect(zipOf(folder.whole, opened, {}).blob()).rejects.toThrow('gone');
});
