// The lesson beside the ring, in German.

import { count, digits } from '../amounts.ts';
import type { LessonWords } from '../en/lesson.ts';

export const lessonWords: LessonWords = {
  title: 'Eine Lektion',
  note: 'Jeder Schritt wird von selbst abgehakt, sobald er geschehen ist.',
  at: (step, steps, what) => `Schritt ${digits(step)} von ${digits(steps)}: ${what}`,
  done: (skipped) =>
    skipped === 0
      ? 'Alles geschafft.'
      : `Das war der letzte Schritt; ${count(skipped, { one: '# wurde', other: '# wurden' })} übersprungen. „Von vorn beginnen“ geht sie noch einmal durch.`,
  skip: 'Diesen Schritt überspringen',
  again: 'Von vorn beginnen',
  ticked: 'erledigt',
  skipped: 'übersprungen',
  steps: {
    joined: {
      title: 'Dem Ring beitreten',
      text: 'Dieser Tab bittet um eine Id, findet seinen Platz und wartet, bis seine Nachbarn dort ihn bestätigt haben.',
    },
    others: {
      title: 'Mehr Tabs öffnen',
      text: 'Öffne die Seite in anderen Tabs oder auf anderen Geräten, jeden, sobald der vorige im Ring ist; die Lektion nimmt zehn. Eine Adresse darf sagen, welche Id ein Tab haben will, etwa ?id=3f2a.',
    },
    leaf: {
      title: 'Das Leaf Set',
      text: 'Die Knoten, die diesem Tab auf jeder Seite der Id nach am nächsten sind. Wähle einen von ihnen im Bild.',
    },
    cell: {
      title: 'Die Routing-Tabelle',
      text: 'In Zeile r haben die Knoten r Ziffern mit diesem Tab gemeinsam; die Spalte ist die Ziffer danach. Wähle im Bild einen Knoten aus Zeile 1 oder tiefer (aus Zeile 0, wenn es keine tiefere gibt).',
    },
    lookup: {
      title: 'Ein Weg',
      text: 'Ein Schlüssel gehört zu seiner Wurzel, dem Knoten mit der nächsten Id. Schlag einen nach, dessen Wurzel ein anderer Tab ist, etwa 46cd, und verfolge die Hops.',
    },
    rule: {
      title: 'Die Regel',
      text: 'Geh zurück zu dem Augenblick, in dem dieser Tab den ersten Knoten fragte, Hop 1, und lies, nach welcher Regel er wählte. Die Zelle oder das Leaf leuchtet in den Tabellen.',
    },
    file: {
      title: 'Eine Datei',
      text: 'Speichere eine Datei, unter Teilen oder mit store in der Konsole. Ihre Blöcke gehen an die Knoten, die ihren Schlüsseln am nächsten sind.',
    },
    find: {
      title: 'Sie wiederfinden',
      text: 'In einem Klassenzimmer-Ring findet man Dateien über ihre Namen: Tipp lookup und den Namen in die Konsole. In einem anderen Ring schlag hier irgendeinen Schlüssel nach.',
    },
    leaves: {
      title: 'Ein Knoten geht',
      text: 'Schließ einen anderen Tab, den dieser kennt. Ein geschlossener verabschiedet sich; ein abgeschossener wird nach etwa zehn Sekunden vermisst.',
    },
    repair: {
      title: 'Die Reparatur',
      text: 'Geh zurück zu dem Augenblick, in dem dieser Tab davon erfuhr, und wieder vor: Sieh zu, wie die Tabellen geflickt werden.',
    },
  },
  known: (number, wanted) =>
    `Dieser Tab kennt ${count(number, { one: '# anderen', other: '# andere' })}; für diesen Schritt braucht es ${digits(wanted)} oder mehr.`,
};
