// The picture of the ring at work, in English.

import { count, digits } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

const sameDigits = (number: number): string =>
  number === 0 ? 'no digit' : count(number, { one: 'the first digit', other: 'the first # digits' });

export const LIVING = {
  picture: (leaves: number, known: number, heard: number, links: number, blocks: number) =>
    `The ring as this tab sees it: itself, ${digits(leaves)} in its leaf set, ${digits(known)} others that it knows, ${digits(heard)} that it only heard of, ${count(links, { one: '# open link', other: '# open links' })}, ${count(blocks, { one: '# block', other: '# blocks' })} here.`,
  goRound: 'Look at a node or object of the ring: arrow keys go round',
  nothingLooked: 'Nothing chosen',
  lookedNote: 'Point at a node or object, tap it, or go round with the arrow keys.',
  looked: 'What you look at',
  nodeOf: (id: string) => `Node ${id}`,
  blockAt: (key: string) => `Block at key ${key}`,
  blocksAt: (key: string, number: number) => `${digits(number)} blocks around key ${key}`,
  roles: {
    self: 'this tab',
    leaf: 'in this tab’s leaf set',
    known: 'known to this tab',
    heard: 'only heard of, as others named it',
    gone: 'gone: it left, or answers no more',
  },
  factId: 'Id',
  factDigest: 'Digest',
  factRole: 'To this tab',
  factLeaf: 'Leaf set',
  clockwiseAt: (place: number) => `number ${digits(place)} clockwise`,
  counterclockwiseAt: (place: number) => `number ${digits(place)} counterclockwise`,
  factCell: 'Routing table',
  cellOf: (row: number, column: string) => `row ${row}, column ${column}`,
  factShared: 'Digits in common',
  shared: (number: number) => digits(number),
  factLink: 'Link',
  ways: {
    direct: 'direct',
    turn: 'over a TURN server',
    server: 'over the Discovery node, sealed',
    open: 'open',
    relayed: 'none; the ring carries what they say',
    connecting: 'being opened',
    none: 'none open',
  },
  factDevice: 'Device',
  devices: (isOwn: boolean): string => (isOwn ? 'the same as this tab’s' : 'another one'),
  factHolds: 'Copies there',
  holds: (number: number) =>
    `${count(number, { one: '# block', other: '# blocks' })} of those here, when it was last told`,
  factHere: 'Here',
  here: 'this tab holds it',
  factElsewhere: 'Elsewhere',
  elsewhere: (nodes: string) => `${nodes}, when it was last told`,
  elsewhereUnknown: 'this tab was not told who else has it',
  factClosest: 'Closest known',
  unlook: 'Let go',
  legend: {
    self: 'this tab',
    leaf: 'in its leaf set',
    known: 'others it knows',
    heard: 'only heard of',
    arc: 'range of the leaf set',
    link: 'open link',
    relayed: 'through the ring',
    object: 'block held here, and who else has it',
    hop: 'lookup, ◆ its key',
    device: 'same device as this tab',
  },
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  wholeRing: 'Whole ring',
  projector: 'For the projector',
  projectorOff: 'Back to the page',
  live: 'Live',
  isLive: 'As it happens',
  isPlaying: 'What has happened, played again',
  isPaused: 'Paused',
  play: 'Play',
  pause: 'Pause',
  back: 'One step back',
  on: 'One step on',
  speed: 'Speed',
  times: (speed: number) => `${digits(speed)}×`,
  timeline: 'Moment',
  momentOf: (number: number, many: number) => `${digits(number)} of ${digits(many)}`,
  ago: (seconds: number) => `${count(seconds, { one: '# second', other: '# seconds' })} ago`,
  nothingYet: 'Nothing has happened yet. Look up a key, or open another tab.',
  changed: (what: string) => `What this tab knows has changed: ${what}.`,
  parts: {
    status: 'how it stands',
    leafSet: 'leaf set',
    routingTable: 'routing table',
    neighborhoodSet: 'neighbourhood set',
    links: 'links',
    held: 'blocks held here',
    devices: 'devices',
  },
  story: 'What happened',
  storyNote: 'As this tab saw it, newest first. Press a line to see that moment.',
  asTable: 'The picture as a table',
  columnId: 'Id',
  /** Of a lookup; `from`, `to`, `key` are ids. */
  hop: (number: number, from: string, to: string) => `Hop ${number}: ${from} asks ${to}.`,
  reached: (to: string, key: string) => `${to} answers: it is the root of ${key}, no node is closer.`,
  alone: (self: string, key: string) => `${self}, this tab, is the root of ${key} itself.`,
  moreDigits: (_to: string, now: number, before: number) =>
    `It has ${sameDigits(now)} of the key right; before it was ${sameDigits(before)}.`,
  sameDigits: (_to: string, now: number) =>
    `It has ${sameDigits(now)} of the key right, no more than before, but is closer to it.`,
  rules: {
    'leaf-set': 'Rule: the key is in the range of this tab’s leaf set, so its closest node there is next.',
    'routing-table': (row: number, column: string) =>
      `Rule: this tab’s routing table, row ${row} (digits right so far), column ${column} (the key’s next digit).`,
    'rare-case': 'Rule: the cell of the routing table is empty, so the closest node known that is no worse in digits.',
    root: 'Rule: no node that this tab knows is closer.',
  },
  ruleUnknown: (from: string) => `By the tables of ${from}: this tab sees its choice, not its tables.`,
};

export type LivingWords = typeof LIVING;
export const livingWords = wordsOf('living', LIVING);
