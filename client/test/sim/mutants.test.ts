// The deliberate bugs of `npm run sim:mutants` still fit the code, and can be planted without touching the checkout.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MUTANTS } from '../../src/sim/mutants-catalogue.ts';
import { plant } from '../../src/sim/mutants-copy.ts';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

describe('mutants', () => {
  let top = '';

  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), 'tabring-mutants-test-'));
  });

  afterAll(() => rmSync(top, { recursive: true }));

  test('are at least a dozen, each of a name of its own', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(12);
  });

  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s: changes its file in one place',
    (_, mutant) => {
      const { folder = 'core', file } = mutant;
      const path = join(top, 'client/src', folder, file);
      const original = readFileSync(join(SOURCES, folder, file), 'utf8');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, original);
      plant(top, mutant);
      const planted = readFileSync(path, 'utf8');
      expect(planted).not.toBe(original);
      expect(planted).toContain(mutant.replace);
      writeFileSync(path, original.replace(mutant.find, ''));
      expect(() => plant(top, mutant)).toThrow('drifted');
    },
  );
});
