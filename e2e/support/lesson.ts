// The lesson of docs/classroom.md as steps: what is typed where, and the answer that stands there.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const LESSON = fileURLToPath(new URL('../../docs/classroom.md', import.meta.url));

export interface Step {
  /** A tab's id, or 'discovery'. */
  readonly where: string;
  /** The id of a tab to close before. */
  readonly closed: string | undefined;
  readonly command: string;
  readonly answer: readonly string[];
}

/** The blocks ```console <where> [closed <id>]: a line with > is typed, those after it are the answer. */
export async function lessonSteps(): Promise<readonly Step[]> {
  const lesson = await readFile(LESSON, 'utf8');
  const blocks = lesson.matchAll(/^```console (\w+)(?: closed (\w+))?\n([\s\S]*?)^```/gm);
  return [...blocks].flatMap(([, where = '', closed, text = '']) =>
    text.split(/^> /m).flatMap((part, index) => {
      const [command = '', ...answer] = part.trimEnd().split('\n');
      return command === '' ? [] : [{ where, closed: index === 1 ? closed : undefined, command, answer }];
    }),
  );
}
