// A folder at the prompt of a peer: one file to store, with what has to be said of it.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { promptFiles } from '../../src/node/prompt-files.ts';
import type { FileHead } from '../../src/peer/retrieved-file.ts';
import { fileToStore, readFolder } from '../peer/read-folder.ts';
import { StillPeer } from '../prompt/still-peer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabring-prompt-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.skipIf(process.platform === 'win32')(
  'a folder is stored as one file, and what is left out of it is said',
  async () => {
    await mkdir(join(folder, 'given', 'deep'), { recursive: true });
    await writeFile(join(folder, 'given', 'deep', 'a'), 'a text');
    await writeFile(join(folder, 'given', 'what?'), 'b');
    await symlink('nowhere', join(folder, 'given', 'dangling'));
    const { open } = promptFiles(new StillPeer(['1', '5']), new AbortController().signal);
    const files = await open(join(folder, 'given'));
    expect(files.map(({ name, type }) => [name, type])).toEqual([['given', 'inode/directory']]);
    await files[0]?.slice(0, files[0].size).arrayBuffer();
    expect(files[0]?.folder?.()).toMatchObject({ files: 2, listAt: 7 });
    expect(files[0]?.remarks?.()).toEqual([
      'what?: its name would not do everywhere; called what_',
      'dangling: left out: the link leads nowhere',
    ]);
  },
);

test('a folder that is retrieved is written as one', async () => {
  const { whole } = await readFolder([fileToStore('deep/a', 'a text')]);
  const peer = new StillPeer(['1', '5']);
  peer.retrieve = async () => whole;
  peer.retrieveInto = async (_, begin) => {
    await begin(whole);
    return whole;
  };
  const heads: FileHead[] = [];
  const save = await promptFiles(peer, new AbortController().signal).prepareToSave(folder);
  expect(await save('7'.repeat(64), (head) => heads.push(head))).toBe(`written to ${join(folder, 'photos')}`);
  expect(heads).toEqual([{ name: 'photos', type: 'inode/directory', size: 6 }]);
  expect(await readFile(join(folder, 'photos', 'deep', 'a'), 'utf8')).toBe('a text');
  expect(await readdir(folder)).toEqual(['photos']);
});
