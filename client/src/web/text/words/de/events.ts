// The event log's sentences for a student who reads the paper beside it, in German; its terms stay as lectures use them.

import { DOWN_TEXTS } from '../../../../peer/down-texts.ts';
import { bytes, count } from '../amounts.ts';
import type { EventWords } from '../en/events.ts';

const DOWN_WHY: Readonly<Record<string, string>> = {
  [DOWN_TEXTS.goodbye]: 'Der andere Tab verlässt den Ring',
  [DOWN_TEXTS.budget]: 'Der andere Tab braucht seine Verbindungen für andere',
  [DOWN_TEXTS.misbehaved]: 'Der andere Tab beklagt sich über unverständliche Nachrichten von diesem',
  [DOWN_TEXTS.lost]:
    'Sie ging verloren; der andere Tab ist vielleicht geschlossen oder schläft, oder ein Netz hat gewechselt',
};

const MESSAGES: EventWords['messages'] = {
  lookup: 'Lookup',
  join: 'Beitrittsanfrage',
  locate: 'Suche nach einem Block',
  signal: 'Verbindungsaufbau',
};

export const eventWords: EventWords = {
  joining: 'Tritt bei: Dieser Tab steht für keinen Schlüssel ein, bis sein Leaf Set ihn bestätigt hat.',
  active: 'Aktiv: Das Leaf Set hat diesen Tab bestätigt; er steht jetzt für die Schlüssel nahe an seiner Id ein.',
  left: 'Hat den Ring verlassen.',
  founded: 'Hat einen neuen Ring gegründet: Sonst war niemand da.',
  joinedByOne: (route) =>
    `Beigetreten: Die Anfrage ging an ${route}; er gab Zeilen seiner Routing-Tabelle und sein Leaf Set.`,
  joined: (route) =>
    `Beigetreten: Die Anfrage ging an ${route}; jeder gab eine Zeile seiner Routing-Tabelle, der letzte sein Leaf Set.`,
  leafAdded: (node) => `Leaf Set: ${node} kam dazu und gehört jetzt zu den nächsten auf seiner Seite.`,
  leafRemoved: (node) => `Leaf Set: ${node} ist heraus.`,
  entryAdded: (node, row, column) =>
    `Routing-Tabelle: ${node} in Zeile ${row}, Spalte ${column}: Er hat ${count(row, { one: '# Ziffer', other: '# Ziffern' })} mit diesem Tab gemeinsam, dann kommt ${column}.`,
  entryRemoved: (node, row, column) => `Routing-Tabelle: ${node} aus Zeile ${row}, Spalte ${column} heraus.`,
  suspected: (node) =>
    `${node} hat nicht rechtzeitig geantwortet: Er steht unter Verdacht und wird umgangen, bis eine Probe es klärt.`,
  failed: (node) => `${node} antwortet auf keine Probe: Er gilt als tot; die Tabellen werden repariert.`,
  departed: (node) => `${node} hat sich verabschiedet und den Ring verlassen.`,
  messages: MESSAGES,
  splitCheck: 'Prüfung auf einen geteilten Ring',
  fromThisTab: (what, key, hop) => `${what} von diesem Tab für Schlüssel ${key}, Hop ${hop}`,
  from: (what, origin, key, hop) => `${what} von ${origin} für Schlüssel ${key}, Hop ${hop}`,
  atRoot: (head) => `${head}: Dieser Tab ist dem Schlüssel am nächsten, seine Wurzel.`,
  byLeafSet: (head, next) =>
    `${head}: Der Schlüssel liegt im Bereich des Leaf Sets; weiter an dessen nächsten Knoten, ${next}.`,
  byTable: (head, next) =>
    `${head}: weiter an ${next} nach der Routing-Tabelle, eine Ziffer des Schlüssels mehr stimmt.`,
  byRareCase: (head, next) =>
    `${head}: Die Zelle der Routing-Tabelle ist leer; weiter an ${next}, mit ebenso langem Präfix und näher (der seltene Fall).`,
  block: (digest, key) => `Block ${digest} (Schlüssel ${key})`,
  heldOwn: (block) => `Bewahrt jetzt auf: ${block}.`,
  held: (block, from) => `Bewahrt jetzt auf: ${block}, kopiert von ${from}.`,
  dropped: (block) => `${block} abgelegt: Andere sind seinem Schlüssel näher und haben ihre Kopien.`,
  deleted: (block) => `${block} gelöscht: Wem er gehört, will ihn nicht mehr.`,
  ended: (block) => `${block} entfernt: Seine Frist ist abgelaufen, und niemand hat sie verlängert.`,
  lost: (block) =>
    `Die Kopie hier fehlte oder war beschädigt und ist weg: ${block}; wenn eine fällig ist, wird eine andere geholt.`,
  handedOver: (block, to) => `${block} übergeben: ${to} bewahrt ihn jetzt auf.`,
  anotherTab: 'ein anderer Tab',
  sent: (digest, size, to) => `Block ${digest} (${bytes(size)}) an ${to} gesendet.`,
  misdeed: (node, what) => `${node} tat, was kein richtiger Tab tut: ${what}.`,
  misdeeds: (node, what, number) =>
    `${node} tat, was kein richtiger Tab tut: ${what}, bisher ${count(number, { one: '# Mal', other: '# Mal' })}.`,
  linkUp: (node) => `Die Verbindung zu ${node} ist offen.`,
  linkDown: (node) => `Die Verbindung zu ${node} ist unterbrochen`,
  downWhy: (why) => DOWN_WHY[why] ?? why,
  linkFailed: (node) => `Die Verbindung zu ${node} kam nicht zustande.`,
};
