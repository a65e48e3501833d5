// Ids that nobody can guess: each of its own bytes, however many are drawn at once.

import { expect, test } from 'vitest';
import { randomId } from '../../src/peer/random-id.ts';

test('a thousand ids are 128 bits each, all different, and share no half', () => {
  const ids = Array.from({ length: 1_000 }, randomId);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids.flatMap((id) => [id.slice(0, 16), id.slice(16)])).size).toBe(2_000);
});
