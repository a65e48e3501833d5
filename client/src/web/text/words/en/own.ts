// Own files, and how another device is brought in, in English.

import type { FileState } from '../../../../peer/file-status.ts';
import { bytes, count, digits } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

const devices = (number: number): string => count(number, { one: '# device', other: '# devices' });
const copies = (number: number): string => count(number, { one: '# copy', other: '# copies' });

const STATES: Readonly<Record<FileState, string>> = {
  safe: 'Safe',
  copying: 'Copying',
  'at-risk': 'At risk',
  'only-here': 'Only here',
  lost: 'Lost',
  unknown: 'Counting',
};

/** What to do about it, after the count. */
const ADVICE: Readonly<Record<FileState, string>> = {
  safe: '',
  copying: ': more when more devices join',
  'at-risk': ': open this page on more devices',
  'only-here': ': it is gone while this tab is closed',
  lost: ': no tab that is open has all of it',
  unknown: '',
};

export const OWN = {
  title: 'Shared by you',
  listLabel: 'Files stored from this tab',
  showMore: (number: number) => `Show more (${digits(number)} left)`,
  states: STATES,
  copies: (number: number, wanted: number, places: number, state: FileState) =>
    `${digits(number)} of ${copies(wanted)} on ${devices(places)}${ADVICE[state]}`,
  notKnown: 'not known yet',
  kept: (until: string) => `Kept until ${until}, and renewed while pinned, if you open this page now and then.`,
  goneOn: (until: string) => `Gone on ${until} unless pinned.`,
  publicChoice: 'Public',
  isPublic: 'Everybody here may read what you add, and finds it by its name.',
  isPrivate: 'Off: only who has the link can read what you add.',
  keptChoice: 'Kept',
  keptRenewed: 'as long as you come back',
  keptHours: (hours: number) =>
    hours < 24
      ? `for ${count(hours, { one: '# hour', other: '# hours' })}`
      : `for ${count(hours / 24, { one: '# day', other: '# days' })}`,
  folder: 'Folder',
  public: 'public',
  private: 'private',
  copyLink: 'Copy link',
  send: 'Send',
  sendOf: (name: string) => `Send link of ${name}`,
  qr: 'QR',
  qrOf: (name: string) => `QR of ${name}`,
  qrLabel: (name: string) => `QR code of the link to ${name}`,
  pin: 'Pin',
  pinOf: (name: string) => `Pin ${name}`,
  unpin: 'Unpin',
  unpinOf: (name: string) => `Unpin ${name}`,
  delete: 'Delete',
  deleteOf: (name: string) => `Delete ${name}`,
  deleting: 'Deleting…',
  deletingOf: (name: string) => `Deleting… ${name}`,
  deleteLabel: (name: string) => `Delete ${name}?`,
  deleteQuestion: (name: string) =>
    `Delete “${name}” from all tabs that hold it? It cannot be undone. Whoever has fetched it already keeps what they have.`,
  deleteYes: 'Yes, delete it',
  deleteNo: 'Keep it',
  cancelAll: 'Cancel all',
  copyAllLinks: 'Copy all links',
  deletedAt: (name: string, done: number, holders: number) =>
    `${name}: deleted at ${digits(done)} of ${count(holders, { one: '# holder', other: '# holders' })}`,
  deletedAll: (told: string) =>
    `${told}. Tabs that had a copy and are closed now delete it when they are back and meet one that knows, such as this one.`,
  deletedMost: (told: string) => `${told}; the others will when they come back.`,
  deletedFew: (told: string) =>
    `${told}; too few answer now: the rest is told while this node runs, and its time ends by itself.`,
  details: 'Details',
  link: 'Link',
  openIt: 'Open this file',
  id: 'Id',
  copyId: 'Copy id',
  shared: 'Shared',
  type: 'Type',
  holders: 'Holders',
  counting: 'Counting…',
  countParts: 'Count them part by part',
  /** {part} stands for its id. */
  part: (number: number, places: number) => `part {part}: ${copies(number)} on ${devices(places)}`,
  moreParts: (number: number) => `and ${count(number, { one: '# more part', other: '# more parts' })}`,
  uploadsLabel: 'Files being stored',
  moreFiles: (number: number) => `and ${count(number, { one: '# more file', other: '# more files' })}`,
  toGo: (number: number, size: number) => `${count(number, { one: '# file', other: '# files' })} to go, ${bytes(size)}`,
  isShared: (name: string) => `${name} is shared.`,
  invite: 'Bring another device in',
  linksOwnMachine:
    'These links open on this computer only: copy them at the address that the server prints for other devices.',
  inviteOwnMachine:
    'This address works on this computer only. The server prints the one for other devices when it starts.',
  inviteHow: 'Open this address there. The more devices, the safer the files.',
  copyAddress: 'Copy address',
  addressQr: 'QR code of the address of this page',
  qrFailed: 'The QR code cannot be drawn: copy the text instead.',
};

export type OwnWords = typeof OWN;
export const ownWords = wordsOf('own', OWN);
