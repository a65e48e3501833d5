// All texts of a catalogue, each by the key under which it is found; what is asked for with numbers and names is asked.

import type { PeerErrorCode } from '../../src/peer/errors.ts';
import type { LinkFailure } from '../../src/peer/ports.ts';
import type { Catalogue } from '../../src/web/text/words/catalogue.ts';
import { CONSOLE } from '../../src/web/text/words/en/console.ts';
import { DOOR } from '../../src/web/text/words/en/door.ts';
import { EVENTS } from '../../src/web/text/words/en/events.ts';
import { FRAME } from '../../src/web/text/words/en/frame.ts';
import { LESSON } from '../../src/web/text/words/en/lesson.ts';
import { LIVING } from '../../src/web/text/words/en/living.ts';
import { OPEN } from '../../src/web/text/words/en/open.ts';
import { OPEN_MORE } from '../../src/web/text/words/en/open-more.ts';
import { OWN } from '../../src/web/text/words/en/own.ts';
import { RING } from '../../src/web/text/words/en/ring.ts';
import { SETTINGS } from '../../src/web/text/words/en/settings.ts';
import { SHARE } from '../../src/web/text/words/en/share.ts';
import { TRANSFER } from '../../src/web/text/words/en/transfer.ts';
import { TROUBLE } from '../../src/web/text/words/en/trouble.ts';

export const ENGLISH: Catalogue = {
  ...{ frame: FRAME, share: SHARE, open: OPEN, transfer: TRANSFER, own: OWN, openMore: OPEN_MORE },
  ...{
    ring: RING,
    living: LIVING,
    lesson: LESSON,
    console: CONSOLE,
    events: EVENTS,
    trouble: TROUBLE,
    door: DOOR,
    settings: SETTINGS,
  },
};

interface Text {
  readonly key: string;
  readonly text: string;
}

/** As numbers and as names, told apart in what comes of them; and all of them one, for what is singular. */
const GIVEN: readonly (readonly string[])[] = [
  ['11', '12', '13', '14'],
  ['1', '1', '1', '1'],
];
const ERROR_CODES = {
  ...{
    'bad-id': 0,
    'bad-link': 0,
    'bad-name': 0,
    'bad-time': 0,
    'not-found': 0,
    'not-owner': 0,
    corrupt: 0,
    'wrong-key': 0,
    storage: 0,
  },
  ...{ 'timed-out': 0, full: 0, 'too-large': 0, left: 0, 'not-active': 0, 'discovery-unreachable': 0, aborted: 0 },
  ...{ 'ring-key-changed': 0, 'ring-closed': 0 },
} satisfies Record<PeerErrorCode, 0>;
const STAGES = {
  ...{ signalling: 0, 'no-answer': 0, ice: 0, dtls: 0, 'closed-by-peer': 0, proof: 0, budget: 0, webrtc: 0 },
} satisfies Record<LinkFailure['stage'], 0>;
/** What is asked for by a code among other things. */
const GIVEN_BY_KEY: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'own.copies': Object.keys(OWN.states).flatMap((state) => GIVEN.map((given) => [...given.slice(0, 3), state])),
  'transfer.error': Object.keys(ERROR_CODES).map((code) => [code, '12']),
  'frame.linkFailure': Object.keys(STAGES).map((stage) => [stage, '12']),
};

/** In the language that is spoken. */
export function textsOf(catalogue: Catalogue): readonly Text[] {
  return textsIn(catalogue, '');
}

function textsIn(value: unknown, key: string): readonly Text[] {
  if (typeof value === 'string') return [{ key, text: value }];
  if (typeof value === 'function') {
    const given = GIVEN_BY_KEY[key] ?? GIVEN;
    return given.map((values) => ({ key: `${key}(${values})`, text: String(value(...values)) }));
  }
  return Object.entries(value ?? {}).flatMap(([name, inner]) => textsIn(inner, key === '' ? name : `${key}.${name}`));
}
