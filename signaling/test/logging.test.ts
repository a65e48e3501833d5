// What a stranger sent stays in its own line, and is text.

import { expect, test } from 'vitest';
import { asOneLine, createLog } from '../logging.ts';

test('nothing forges a line, colours a terminal or turns the text round', () => {
  const foreign = 'a\nremoved 1: by the operator\r\u001b[31mred\u009b2J\u0000\u007f\u2028b\u202ec\u2066d';
  const line = asOneLine(foreign);
  expect(line).toBe(
    'a\\u000aremoved 1: by the operator\\u000d\\u001b[31mred\\u009b2J\\u0000\\u007f\\u2028b\\u202ec\\u2066d',
  );
  expect(asOneLine('Größe “q” 日本 🙂')).toBe('Größe “q” 日本 🙂');
});

test('a line has a bounded length', () => {
  expect(asOneLine('x'.repeat(100_000))).toHaveLength(1_000);
});

test('all that is logged as lines is cleaned', () => {
  const printed: string[] = [];
  createLog('lines', (line) => printed.push(line))('cannot serve /\u001b[2J: no\nregistered f', { url: '\n' });
  expect(printed).toEqual(['cannot serve /\\u001b[2J: no\\u000aregistered f']);
});
