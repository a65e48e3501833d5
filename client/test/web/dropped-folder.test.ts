// Folders as browsers give them.

import { expect, test } from 'vitest';
import { chosenFolder } from '../../src/web/saving/dropped-folder.ts';

function chosen(path: string): File {
  return Object.assign(new File([path], path.slice(path.lastIndexOf('/') + 1)), { webkitRelativePath: path });
}

test('the files of a chosen folder are in order, however they lie on the disk', async () => {
  const source = chosenFolder(['photos/b.txt', 'photos/summer/a.txt', 'photos/a.txt'].map(chosen));
  expect(source.name).toBe('photos');
  const text = await new Response(await source.slice(0, 43).arrayBuffer()).text();
  const at = ['photos/a.txt', 'photos/b.txt', 'photos/summer/a.txt'].map((path) => text.indexOf(path));
  expect(at).toEqual([0, 12, 24]);
});
