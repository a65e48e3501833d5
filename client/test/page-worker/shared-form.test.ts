// What other apps share: files in bounds, and words once.

import { expect, test } from 'vitest';
import { sharedItems } from '../../src/page-worker/shared-form.ts';

const ROOM = 1_000;

function formOf(fields: Readonly<Record<string, string>>, files: readonly File[] = []): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  for (const file of files) form.append('files', file);
  return form;
}

function fileOf(name: string, size = 1): File {
  return new File([new Uint8Array(size)], name);
}

function textOf(fields: Readonly<Record<string, string>>): unknown {
  return sharedItems(formOf(fields), ROOM).map((item) => item.kind === 'text' && item.text);
}

test('files come in their order, and before the words', () => {
  const [first, second] = [fileOf('a'), fileOf('b')];
  expect(sharedItems(formOf({ text: 'hello' }, [first, second]), ROOM)).toEqual([
    { kind: 'file', file: first },
    { kind: 'file', file: second },
    { kind: 'text', text: 'hello' },
  ]);
});

test('what does not fit is refused by name, and leaves room for what follows', () => {
  const kinds = sharedItems(formOf({}, [fileOf('a', 600), fileOf('b', 401), fileOf('c', 400)]), ROOM);
  expect(kinds.map((item) => [item.kind, item.kind === 'refused' ? item.name : ''])).toEqual([
    ['file', ''],
    ['refused', 'b'],
    ['file', ''],
  ]);
});

test('of too many files one is named as refused', () => {
  const files = Array.from({ length: 1_000 }, (_, index) => fileOf(String(index)));
  const items = sharedItems(formOf({}, files), ROOM);
  expect(items.filter(({ kind }) => kind === 'file')).toHaveLength(256);
  expect(items.at(-1)).toEqual({ kind: 'refused', name: '256' });
  expect(items).toHaveLength(257);
});

test('an empty form has nothing, as one with an empty field for files', () => {
  expect(sharedItems(formOf({ title: ' ', text: '' }, [new File([], '')]), ROOM)).toEqual([]);
  expect(sharedItems(formOf({ files: 'no file' }), ROOM)).toEqual([]);
});

test('words are said once, however many fields have them', () => {
  expect(textOf({ title: 'A page', text: 'worth it', url: 'https://a.example/' })).toEqual([
    'A page\nworth it\nhttps://a.example/',
  ]);
  expect(textOf({ title: 'A page', text: 'A page https://a.example/', url: 'https://a.example/' })).toEqual([
    'A page https://a.example/',
  ]);
  expect(textOf({ title: 'same', text: 'same', url: 'same' })).toEqual(['same']);
  expect(textOf({ text: 'x'.repeat(2_000_000) })).toEqual(['x'.repeat(1_000_000)]);
});
