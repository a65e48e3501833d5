// The lesson beside the ring, in English: what to do, and why.

import { count, digits } from '../amounts.ts';
import { wordsOf } from '../spoken.ts';

export const LESSON = {
  title: 'A lesson',
  note: 'Each step is ticked off by itself once it has happened.',
  at: (step: number, steps: number, what: string) => `Step ${digits(step)} of ${digits(steps)}: ${what}`,
  done: (skipped: number): string =>
    skipped === 0
      ? 'All done.'
      : `That was the last step; ${count(skipped, { one: '# was', other: '# were' })} skipped. “Begin again” goes through them once more.`,
  skip: 'Skip this step',
  again: 'Begin again',
  ticked: 'done',
  skipped: 'skipped',
  steps: {
    joined: {
      title: 'Join the ring',
      text: 'This tab asks for an id, finds its place, and waits until its neighbours there have confirmed it.',
    },
    others: {
      title: 'Open more tabs',
      text: 'Open the page in other tabs or on other devices, each once the one before it is in the ring; the lesson takes ten. An address may say which id a tab wants, such as ?id=3f2a.',
    },
    leaf: {
      title: 'The leaf set',
      text: 'The nodes closest to this tab on each side, by id. Choose one of them in the picture.',
    },
    cell: {
      title: 'The routing table',
      text: 'In row r the nodes share r digits with this tab; the column is the digit after them. Choose a node of row 1 or deeper in the picture (of row 0 if there is none deeper).',
    },
    lookup: {
      title: 'A route',
      text: 'A key belongs to its root, the node with the closest id. Look up a key whose root is another tab, such as 46cd, and follow the hops.',
    },
    rule: {
      title: 'The rule',
      text: 'Step back to the moment at which this tab asked the first node, hop 1, and read by which rule it chose. The cell or leaf that was used is lit in the tables.',
    },
    file: {
      title: 'A file',
      text: 'Store a file, in Share or with store in the Console. Its blocks go to the nodes closest to their keys.',
    },
    find: {
      title: 'Find it again',
      text: 'In a classroom ring files are found by their names: type lookup and the name in the Console. In another ring, look up any key here.',
    },
    leaves: {
      title: 'A node leaves',
      text: 'Close another tab that this one knows. A closed tab says goodbye; a killed one is missed after some ten seconds.',
    },
    repair: {
      title: 'The repair',
      text: 'Step back to the moment at which this tab learned of it, and on again: watch how the tables are mended.',
    },
  },
  known: (number: number, wanted: number) =>
    `This tab knows ${count(number, { one: '# other', other: '# others' })}; this step asks for ${digits(wanted)} or more.`,
};

export type LessonWords = typeof LESSON;
export const lessonWords = wordsOf('lesson', LESSON);
