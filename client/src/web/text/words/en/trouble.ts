// What stands in the way of this tab, what goes wrong, and what its user should know, in English.

import type { DiscoveryStanding, DiskState, RefusalReason } from '../../../../peer/api.ts';
import type { PeerErrorCode } from '../../../../peer/errors.ts';
import { count } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

/** How this tab stands with the Discovery node; `why` begins with a colon or is empty. Without a full stop. */
const STANDINGS: Readonly<Record<DiscoveryStanding, (why: string) => string>> = {
  registered: () => 'Registered with the Discovery node',
  away: () => 'Discovery node away: the ring goes on without it',
  refused: (why) => `The Discovery node does not register this tab now${why}`,
  expired: () =>
    'Discovery node away for so long that this tab’s certificate has run out: the ring goes on, but tabs that can reach the Discovery node refuse this one until it can too',
  removed: (why) => `Removed by the Discovery node${why}`,
  displaced: () => 'Stopped: this tab’s identity is open in another tab, which goes on with it',
};

/** With what to do. Without a full stop. */
const REFUSALS: Readonly<Record<Exclude<RefusalReason, 'other'>, string>> = {
  'id-taken':
    'another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them',
  'ring-key-changed':
    'it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key',
  'ring-closed':
    'the ring’s password was changed, or this tab’s invitation taken back. Reload the page to enter the new one; until then the tab goes on in the ring',
  version:
    'it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew',
};

const blocks = (number: number): string => count(number, { one: '# block', other: '# blocks' });

const DISK: Readonly<Record<DiskState, (blocks: number) => string>> = {
  cleared: (number) =>
    `What was stored here was cleared: ${blocks(number)} gone. Other nodes make new copies of what they hold.`,
  failing: (number) =>
    `The storage here cannot be read: ${blocks(number)} here count no longer, and nothing more is kept.`,
  ok: () => 'The storage here can be read again.',
};

export const TROUBLE = {
  disk: DISK,
  standings: STANDINGS,
  refusals: REFUSALS,
  /** Of a Discovery node, as of the server that it is to who never heard of one. */
  plain: (text: string) => text.replace(/^Discovery node/, 'Server').replaceAll('Discovery node', 'server'),
  newsAway: 'The Discovery node is away; the ring goes on without it.',
  newsRemoved: 'The Discovery node removed this tab.',
  renewed: 'It has renewed this tab’s certificate.',
  noReason: 'no reason was given',
  away: (message: string) =>
    `Nobody can be reached, since the Discovery node does not answer (${message}): check this device’s network, or ask who runs the Discovery node; this page joins by itself as soon as it can.`,
  refused: (why: string) => `The Discovery node does not register this tab yet: ${why}. Still trying.`,
  proving: 'Proving the password…',
  insecure: (host: string) =>
    `This page came over plain http (${host}). It works, but more slowly; the browser may drop what it keeps when the disk fills up, and a tab that was closed cannot come back with what it held. None of that is so over https (npm start -- --https), or as http://localhost on the computer that serves it.`,
  webrtc: 'WebRTC (direct links to other tabs)',
  indexedDb: 'IndexedDB (storage)',
  /** `message`: what the peer says itself, in English; `known`, `now`: the beginnings of two keys. */
  keyChanged: (message: string, _known: string, _now: string) => message,
  lacks: (one: string) =>
    `This browser offers no ${one}, or a setting or extension switched it off. Allow it, or open the page in a current Chrome, Edge, Firefox or Safari.`,
  andNo: (one: string, other: string) => `${one} and no ${other}`,
  notKept: (why: string) =>
    `This browser could not keep the tab’s renewed certificate. The tab goes on, but may get another id when it is reloaded. ${why}`,
  newer:
    'There is a newer version of this page. It will reload by itself when no file is under way; the tab keeps its id and what it holds.',
  partMissing:
    'A part of the page could not be loaded yet. It is tried again by itself; if it stays away while the server is there, reload the page.',
  badId: (wanted: string) =>
    `The address asks for the id “${wanted}”, but ids are made of the characters 0-9 and a-f. This tab got another one; correct the address and reload to try again.`,
  badPlace:
    'The part of the address after “#” is not a link to a file. A link to a file has #/f/ and 64 characters in it, and of a private one a point and 43 more: check that it was copied whole.',
  goesOnAs: (wanted: string, id: string) =>
    `The address asks for the id ${wanted}, which was not given to this tab before, so it goes on as ${id}. To ask again, open the address in a new tab.`,
  idTaken: (wanted: string, id: string) => `The id ${wanted} belongs to another tab, so this one got ${id} instead.`,
  idNotFree: (wanted: string, id: string) =>
    `The Discovery node lets nobody choose an id from where you are, so this tab got ${id} instead of ${wanted}.`,
  idChanged: (former: string, id: string, why: string) => `This tab was ${former} and is ${id} from now on: ${why}.`,
  whatItHeld: (number: number) => ` What it held goes on with it: ${blocks(number)}.`,
  keysLost: 'this browser no longer has the keys that prove the right to the old id',
  oldIdTaken: 'the old id belongs to another tab by now',
  keysNever:
    'an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from where you are',
  oldIdUnknown: 'the Discovery node does not know the old id any more, and lets nobody choose one from where you are',
  tryAgain: 'Try again',
  acceptKey: 'Accept the new key',
  letGo: 'Let go to share',
  pastedName: 'pasted text.txt',
  sharedName: 'shared text.txt',
  sharedUnknown: 'what was shared',
  sharedQuestion: (names: string) => `Another app or page sent this here: ${names}. Share it in this ring?`,
  sharedYes: 'Share it',
  sharedNo: 'Throw it away',
  safeToClose: 'Safe to close',
  lastHere: (names: string) => `Do not close yet: no other tab has ${names}`,
  lastLeft: (names: string) => `No other tab has ${names} now: join again to bring it back`,
  othersHaveAll: 'Others have all that was here',
  thin: (names: string) => `Closing loses nothing, but few others have ${names}`,
  losesNothing: 'Closing loses nothing',
  underWay: 'Do not close yet: a file is on its way',
  whoHasIt: 'Asking who else has what is here',
  moreFiles: (number: number) => count(number, { one: '# more file', other: '# more files' }),
  partsOfOthers: (number: number) =>
    count(number, { one: '# part of others’ files', other: '# parts of others’ files' }),
  fileChanged: 'The file can no longer be read: it was changed, moved or deleted after you chose it. Choose it again.',
  unexpected: (what: string) =>
    `Something unexpected went wrong: ${what}. Try again; if it happens again, reload the page.`,
  leftOut: (why: string) => `Left out: ${why}.`,
  leftOutMore: 'Left out: the command line names them all.',
  /** `message`: what the peer says itself, in English. */
  error: (_: PeerErrorCode, message: string) => message,
};

export type TroubleWords = typeof TROUBLE;
export const troubleWords = wordsOf('trouble', TROUBLE);
