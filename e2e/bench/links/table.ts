// Puts the readable table of a benchmark into a document, between the two comments that keep its place.

import { readFile, writeFile } from 'node:fs/promises';

/** `benchmark`: the name of its npm script. Rejects if the document has no place for it. */
export async function writeTable(path: string, benchmark: string, table: string): Promise<void> {
  const start = `<!-- ${benchmark}, written by npm run ${benchmark} -->`;
  const end = `<!-- end of ${benchmark} -->`;
  const text = await readFile(path, 'utf8');
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for the table: ${start}`);
  await writeFile(path, `${before}${start}\n\n${table}\n\n${end}${after}`);
}
