// The event log's sentences for a student who reads the paper beside it, in English. Ids come shortened.

import { bytes, count } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

/** What each kind of routed message is called; of one that is not listed, the core's own name. */
const MESSAGES: Readonly<Record<string, string>> = {
  lookup: 'Lookup',
  join: 'Join request',
  locate: 'Search for a block',
  signal: 'Link set-up',
};

export const EVENTS = {
  joining: 'Joining: this tab answers for no key until its leaf set has confirmed it.',
  active: 'Active: the leaf set has confirmed this tab; it now answers for the keys closest to its id.',
  left: 'Left the ring.',
  founded: 'Founded a new ring: nobody else was there.',
  joinedByOne: (route: string) => `Joined: the request went to ${route}; it gave routing-table rows and its leaf set.`,
  joined: (route: string) =>
    `Joined: the request went to ${route}; each gave a row of its routing table, the last one its leaf set.`,
  leafAdded: (node: string) => `Leaf set: added ${node}, now among the closest on its side.`,
  leafRemoved: (node: string) => `Leaf set: removed ${node}.`,
  entryAdded: (node: string, row: number, column: string) =>
    `Routing table: ${node} into row ${row}, column ${column}: it shares ${count(row, { one: '# digit', other: '# digits' })} with this tab, then comes ${column}.`,
  entryRemoved: (node: string, row: number, column: string) =>
    `Routing table: ${node} out of row ${row}, column ${column}.`,
  suspected: (node: string) => `${node} did not answer in time: suspected, and routed around until a probe tells.`,
  failed: (node: string) => `${node} answers no probe: taken for dead; the tables are repaired.`,
  departed: (node: string) => `${node} said goodbye and left the ring.`,
  messages: MESSAGES,
  splitCheck: 'Check for a split ring',
  fromThisTab: (what: string, key: string, hop: number) => `${what} from this tab for key ${key}, hop ${hop}`,
  from: (what: string, origin: string, key: string, hop: number) => `${what} from ${origin} for key ${key}, hop ${hop}`,
  atRoot: (head: string) => `${head}: this tab is the closest to the key, its root.`,
  byLeafSet: (head: string, next: string) =>
    `${head}: the key is in the leaf set’s range; on to its closest node, ${next}.`,
  byTable: (head: string, next: string) =>
    `${head}: on to ${next} by the routing table, one more digit of the key right.`,
  byRareCase: (head: string, next: string) =>
    `${head}: the routing-table cell is empty; on to ${next}, as good a prefix and closer (the rare case).`,
  block: (digest: string, key: string) => `block ${digest} (key ${key})`,
  heldOwn: (block: string) => `Now holding ${block}.`,
  held: (block: string, from: string) => `Now holding ${block}, copied from ${from}.`,
  dropped: (block: string) => `Dropped ${block}: others are closer to its key and have their copies.`,
  deleted: (block: string) => `Deleted ${block}: its owner wants it no more.`,
  ended: (block: string) => `Removed ${block}: its lease is over, and nobody has renewed it.`,
  lost: (block: string) =>
    `The copy of ${block} here was missing or damaged and is gone; another is fetched if one is due.`,
  handedOver: (block: string, to: string) => `Handed ${block} over: ${to} holds it now.`,
  anotherTab: 'another tab',
  sent: (digest: string, size: number, to: string) => `Sent block ${digest} (${bytes(size)}) to ${to}.`,
  misdeed: (node: string, what: string) => `${node} did what no correct tab does: ${what}.`,
  misdeeds: (node: string, what: string, number: number) =>
    `${node} did what no correct tab does: ${what}, ${count(number, { one: '# time', other: '# times' })} by now.`,
  linkUp: (node: string) => `Link to ${node} is open.`,
  linkDown: (node: string) => `Link to ${node} is down`,
  /** Why, as the peer says it in English. */
  downWhy: (why: string) => why,
  linkFailed: (node: string) => `Link to ${node} did not open.`,
};

export type EventWords = typeof EVENTS;
export const eventWords = wordsOf('events', EVENTS);
