// A file's name comes from whoever stored it: made harmless before it is shown or proposed for saving, the same way on all
// systems, as Chromium does. What stays is a name that every file system takes, that no shell, program or system reads as
// anything but a file's, and that says what it is: no hidden file, no option, no device, no other folder.

import { visibleText } from '../text/clean-text.ts';

/** UTF-8 bytes of a name: 255 is what file systems allow, and while it is being written more stands around it. */
export const MAX_SAFE_NAME_BYTES = 200;
/** What is left when nothing harmless is. */
export const UNNAMED = 'unnamed file';
const NOTHING = /^[_.~\s-]*$/;
/** Separators of folders, streams and drives, and what Windows takes in no name. */
export const FORBIDDEN = /[/\\:*?"<>|]/g;
/** Hidden files, options of programs, other users' folders. */
const LEADING = /^[.~\s-]*[.~-]/;
/** Windows drops them, and so may take one name for another. */
export const TRAILING = /[.\s]+$/;
/** Windows means a device by them, whatever ending follows. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\.|$)/i;
/** What tells the kind of a file, kept when its name is too long. */
const ENDING = /(\.tar)?\.[^.\s]{1,16}$/i;

/**
 * A stranger's name, as a file may be called. What cannot be seen goes; forbidden characters and leading dots and dashes
 * become one `_` (`.bashrc`: `_bashrc`; `-rf`: `_rf`), a device's name gets one in front, and a long one is cut before its ending.
 */
export function safeFileName(name: string): string {
  const visible = visibleText(name).replace(FORBIDDEN, '_').trim();
  const plain = visible.replace(LEADING, '_').replace(TRAILING, '');
  if (plain === '' || (plain !== name && NOTHING.test(plain))) return UNNAMED;
  return fitting(plain, MAX_SAFE_NAME_BYTES);
}

/** Not a device's name, and of so many bytes at most: cut before its ending. */
export function fitting(plain: string, maxBytes: number): string {
  const name = DEVICE.test(plain) ? `_${plain}` : plain;
  if (byteLength(name) <= maxBytes) return name;
  const ending = ENDING.exec(name)?.[0] ?? '';
  let kept = '';
  let room = maxBytes - byteLength(ending);
  // Whole characters as people see them, so that none is left without its accent or half of its emoji.
  for (const { segment } of new Intl.Segmenter().segment(name.slice(0, name.length - ending.length))) {
    room -= byteLength(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept.replace(TRAILING, '') || UNNAMED}${ending}`;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
