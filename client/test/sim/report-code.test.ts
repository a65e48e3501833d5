// Which changes make a result one of earlier code.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOfCode, digestOfCommand } from '../../src/sim/report-code.ts';

const ENTRY = `import { periodMs } from './period.ts';\nexport const rounds = (minutes: number): number => (minutes * 60_000) / periodMs;\n`;

describe('the digest of an experiment', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tabring-digest-'));
    write('entry.ts', ENTRY);
    write('period.ts', 'export const periodMs = 1_000;\n');
    write('beside.ts', 'export const other = 1;\n');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function write(file: string, text: string): void {
    writeFileSync(join(folder, file), text);
  }

  function digest(): Promise<string> {
    return digestOfCode(join(folder, 'entry.ts'));
  }

  test('changes with the code of the entry and of what it imports', async () => {
    const before = await digest();
    write('period.ts', 'export const periodMs = 2_000;\n');
    const after = await digest();
    write('entry.ts', ENTRY.replace('60_000', '59_999'));
    expect(new Set([before, after, await digest()]).size).toBe(3);
  });

  test('does not change with comments, types and files that are not imported', async () => {
    const before = await digest();
    write('entry.ts', `// What it is for.\n${ENTRY.replace('minutes: number', 'minutes: 1 | 2')}`);
    write('beside.ts', 'export const other = 2;\n');
    expect(await digest()).toBe(before);
  });

  test('is told of each command', async () => {
    const digests = await Promise.all(['hops', 'failures', 'churn'].map(digestOfCommand));
    for (const each of digests) expect(each).toMatch(/^[0-9a-f]{12}$/);
    expect(new Set(digests).size).toBe(3);
    await expect(digestOfCommand('nothing')).rejects.toThrow();
  });
});
