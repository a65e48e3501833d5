// docs/mission.md names a test for each line of the mission: each of them must be there.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const ROW = /^\| (.+?) \| (.+?) \| `([^`]+)`: (.+) \|$/gm;

test('every line of docs/mission.md names a test that there is', () => {
  const text = readFileSync(`${TOP}/docs/mission.md`, 'utf8');
  const rows = [...text.matchAll(ROW)];
  expect(rows.length).toBe(text.split('\n').filter((line) => line.startsWith('| ')).length - 1);
  expect(rows.length).toBeGreaterThan(25);
  const isThere = (path: string, title: string): boolean => {
    const source = readFileSync(`${TOP}/${path}`, 'utf8');
    return source.includes(`'${title}`) && /\b(test|it)[.(]/.test(source);
  };
  const missing = rows.filter(([, , , path = '', title = '']) => !isThere(path, title));
  expect(missing.map(([row]) => row)).toEqual([]);
});
