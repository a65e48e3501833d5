// The picture of the ring at work, in German.

import { count, digits } from '../amounts.ts';
import type { LivingWords } from '../en/living.ts';

const sameDigits = (number: number): string =>
  number === 0 ? 'keine Ziffer' : count(number, { one: 'die erste Ziffer', other: 'die ersten # Ziffern' });

export const livingWords: LivingWords = {
  picture: (leaves, known, heard, links, blocks) =>
    `Der Ring, wie ihn dieser Tab sieht: er selbst, ${digits(leaves)} in seinem Leaf Set, ${digits(known)} andere, die er kennt, ${digits(heard)}, von denen er nur gehört hat, ${count(links, { one: '# offene Verbindung', other: '# offene Verbindungen' })}, ${count(blocks, { one: '# Block', other: '# Blöcke' })} hier.`,
  goRound: 'Einen Knoten oder ein Objekt des Rings ansehen: Pfeiltasten gehen rundum',
  nothingLooked: 'Nichts gewählt',
  lookedNote: 'Zeig auf einen Knoten oder ein Objekt, tipp darauf, oder geh mit den Pfeiltasten rundum.',
  looked: 'Was du ansiehst',
  nodeOf: (id) => `Knoten ${id}`,
  blockAt: (key) => `Block am Schlüssel ${key}`,
  blocksAt: (key, number) => `${digits(number)} Blöcke um den Schlüssel ${key}`,
  roles: {
    self: 'dieser Tab',
    leaf: 'im Leaf Set dieses Tabs',
    known: 'diesem Tab bekannt',
    heard: 'nur vom Hörensagen, von anderen genannt',
  },
  factId: 'Kennung',
  factDigest: 'Hashwert',
  factRole: 'Für diesen Tab',
  factLeaf: 'Im Leaf Set',
  clockwiseAt: (place) => `Nummer ${digits(place)} im Uhrzeigersinn`,
  counterclockwiseAt: (place) => `Nummer ${digits(place)} gegen den Uhrzeigersinn`,
  factCell: 'Routing-Tabelle',
  cellOf: (row, column) => `Zeile ${row}, Spalte ${column}`,
  factShared: 'Gemeinsame Ziffern',
  shared: (number) => digits(number),
  factLink: 'Verbindung',
  ways: {
    direct: 'direkt',
    turn: 'über einen TURN-Server',
    open: 'offen',
    relayed: 'keine; der Ring überbringt, was sie sagen',
    connecting: 'wird geöffnet',
    none: 'keine offen',
  },
  factDevice: 'Gerät',
  devices: (isOwn) => (isOwn ? 'dasselbe wie das dieses Tabs' : 'ein anderes'),
  factHolds: 'Kopien dort',
  holds: (number) =>
    `${count(number, { one: '# Block', other: '# Blöcke' })} von denen hier, als zuletzt davon die Rede war`,
  factHere: 'Hier',
  here: 'dieser Tab hat ihn',
  factElsewhere: 'Anderswo',
  elsewhere: (nodes) => `${nodes}, als zuletzt davon die Rede war`,
  elsewhereUnknown: 'wer ihn sonst hat, hat dieser Tab nicht gehört',
  factClosest: 'Nächster bekannter',
  unlook: 'Loslassen',
  legend: {
    self: 'dieser Tab',
    leaf: 'in seinem Leaf Set',
    known: 'andere, die er kennt',
    heard: 'nur vom Hörensagen',
    arc: 'Bereich des Leaf Sets',
    link: 'offene Verbindung',
    relayed: 'durch den Ring',
    object: 'Block hier, und wer ihn sonst hat',
    hop: 'Lookup, ◆ sein Schlüssel',
    device: 'dasselbe Gerät wie dieser Tab',
  },
  zoomIn: 'Näher heran',
  zoomOut: 'Weiter weg',
  wholeRing: 'Ganzer Ring',
  projector: 'Für den Beamer',
  projectorOff: 'Zurück zur Seite',
  live: 'Jetzt',
  isLive: 'Wie es gerade geschieht',
  isPlaying: 'Was geschehen ist, noch einmal',
  isPaused: 'Angehalten',
  play: 'Abspielen',
  pause: 'Anhalten',
  back: 'Ein Schritt zurück',
  on: 'Ein Schritt weiter',
  speed: 'Tempo',
  times: (speed) => `${digits(speed)}-fach`,
  timeline: 'Augenblick',
  momentOf: (number, many) => `${digits(number)} von ${digits(many)}`,
  ago: (seconds) => `vor ${count(seconds, { one: '# Sekunde', other: '# Sekunden' })}`,
  nothingYet: 'Noch ist nichts geschehen. Schlag einen Schlüssel nach, oder öffne noch einen Tab.',
  changed: 'Was dieser Tab weiß, hat sich geändert.',
  story: 'Was geschah',
  storyNote: 'Wie dieser Tab es sah, das Neueste zuerst. Drück auf eine Zeile, um den Augenblick zu sehen.',
  asTable: 'Das Bild als Tabelle',
  columnId: 'Kennung',
  hop: (number, from, to) => `Hop ${number}: ${from} fragt ${to}.`,
  reached: (to, key) => `${to} antwortet: Es ist die Wurzel von ${key}, kein Knoten ist näher.`,
  alone: (self, key) => `${self}, dieser Tab, ist selbst die Wurzel von ${key}.`,
  moreDigits: (to, now, before) =>
    `Bei ${to} stimmt ${sameDigits(now)} des Schlüssels; davor war es ${sameDigits(before)}.`,
  sameDigits: (to, now) =>
    `Bei ${to} stimmt ${sameDigits(now)} des Schlüssels, nicht mehr als davor, aber er ist ihm näher.`,
  rules: {
    'leaf-set':
      'Regel: Der Schlüssel liegt im Bereich des Leaf Sets dieses Tabs, also kommt dessen nächster Knoten als nächster.',
    'routing-table': (row, column) =>
      `Regel: die Routing-Tabelle dieses Tabs, Zeile ${row} (Ziffern, die schon stimmen), Spalte ${column} (die nächste Ziffer des Schlüssels).`,
    'rare-case':
      'Regel: Die Zelle der Routing-Tabelle ist leer, also der nächste bekannte Knoten mit nicht weniger Ziffern.',
    root: 'Regel: Kein Knoten, den dieser Tab kennt, ist näher.',
  },
  ruleUnknown: (from) => `Nach den Tabellen von ${from}: Dieser Tab sieht die Wahl, nicht die Tabellen.`,
};
