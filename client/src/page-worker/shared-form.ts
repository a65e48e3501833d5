// What another app has shared, as the form that the browser posts (Web Share Target, section 4), in bounds: it may come from any
// page that knows the address.

import type { SharedItem } from './messages.ts';

/** Of one share: more than anybody picks in a gallery. */
const MAX_FILES = 256;
/** Characters of a text: a long page. */
const MAX_TEXT = 1_000_000;

/** `roomBytes`: for files; those that do not fit are refused. */
export function sharedItems(form: FormData, roomBytes: number): readonly SharedItem[] {
  let left = roomBytes;
  // A form says that it has no file by one without a name.
  const isFile = (value: FormDataEntryValue): value is File => typeof value !== 'string' && value.name !== '';
  const files = form.getAll('files').filter(isFile);
  const items = files.slice(0, MAX_FILES).map((file): SharedItem => {
    if (file.size > left) return { kind: 'refused', name: file.name };
    left -= file.size;
    return { kind: 'file', file };
  });
  const [firstMore] = files.slice(MAX_FILES);
  if (firstMore !== undefined) items.push({ kind: 'refused', name: firstMore.name });
  const text = sharedText(form);
  return text === '' ? items : [...items, { kind: 'text', text: text.slice(0, MAX_TEXT) }];
}

/** Apps put an address into any of the three fields, and often the same words into two. */
function sharedText(form: FormData): string {
  const given = ['title', 'text', 'url'].flatMap((field) => {
    const value = form.get(field);
    return typeof value === 'string' ? [value.trim()] : [];
  });
  const isSaid = (text: string, index: number): boolean =>
    given.some((other, at) => at !== index && other.includes(text) && (other !== text || at < index));
  return given.filter((text, index) => text !== '' && !isSaid(text, index)).join('\n');
}
