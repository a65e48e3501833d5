// What the system says of files, in words that say what to do: the same wherever commands read and write them.

import { systemCode } from '../stores/fs-files.ts';

const NOT_ALLOWED = 'this user may not: choose another folder';
const UNWRITABLE: Readonly<Record<string, string>> = {
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EROFS: 'it can only be read: choose another folder',
  // Also what /proc says of a new file.
  ENOENT: 'no file can be made there: choose another folder',
  ENOTDIR: 'a part of this path is a file, and no folder: choose another',
  ENOSPC: 'the disk is full: make room, or choose another disk',
  EDQUOT: 'the quota of this user is used up: make room, or choose another disk',
  EFBIG: 'a file cannot be so large there: choose another disk',
  EIO: 'the disk or the terminal fails: choose another',
  EPIPE: 'whoever read it has stopped reading',
  ENAMETOOLONG: 'the name is too long: choose another',
  ELOOP: 'the link leads in a circle: remove it, or choose another name',
};
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'the link leads in a circle',
  ENAMETOOLONG: 'the name is too long for a file of this system',
  EISDIR: 'it is a folder',
  EIO: 'the disk fails, or it cannot be read from its beginning',
  // Of what gives its bytes as they come into being, such as /proc/kmsg.
  EAGAIN: 'it has no end, so its length is not known',
};

/** Why a place cannot be written to, and what to do. */
export function whyUnwritable(error: unknown): string {
  return UNWRITABLE[systemCode(error) ?? ''] ?? wordsOf(error);
}

/** Why a file cannot be read. */
export function whyUnreadable(error: unknown): string {
  return UNREADABLE[systemCode(error) ?? ''] ?? wordsOf(error);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
