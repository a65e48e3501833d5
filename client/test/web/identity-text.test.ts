import { expect, test } from 'vitest';
import type { IdentityOutcome } from '../../src/stores/identity-lease.ts';
import { identityText } from '../../src/web/text/identity-text.ts';

const WANTED = '3f2a'.padEnd(32, '0');
const GIVEN = '9c0e'.padEnd(32, '1');
const usual: IdentityOutcome = { nodeId: GIVEN, wantedId: undefined, former: undefined, refusal: undefined, blocks: 0 };
const kept = { nodeId: GIVEN, keys: 'kept', isStandIn: false } as const;

test.each<[string, Partial<IdentityOutcome>]>([
  ['a new tab', {}],
  ['a tab that got what it asked for', { nodeId: WANTED, wantedId: '3f2a' }],
  ['a tab that comes back', { former: kept, blocks: 7 }],
  ['one of an earlier version that got its id', { former: { ...kept, keys: 'never' }, blocks: 7 }],
  ['one that got its id though its keys are gone', { former: { ...kept, keys: 'lost' }, blocks: 7 }],
])('nothing is said to %s', (_, facts) => {
  expect(identityText({ ...usual, ...facts })).toBe(undefined);
});

test.each<[Partial<IdentityOutcome>, string]>([
  [{ wantedId: '3f2a', refusal: 'taken' }, 'The id 3f2a belongs to another tab, so this one got 9c0e… instead.'],
  [
    { wantedId: WANTED, refusal: 'not-allowed' },
    'The Discovery node lets nobody choose an id from where you are, so this tab got 9c0e… instead of 3f2a…',
  ],
  [
    { wantedId: '3f2a', former: { ...kept, isStandIn: true } },
    'The address asks for the id 3f2a, which was not given to this tab before, so it goes on as 9c0e… To ask again, open the address in a new tab.',
  ],
  [
    { former: { ...kept, nodeId: WANTED }, refusal: 'taken', blocks: 1 },
    'This tab was 3f2a… and is 9c0e… from now on: the old id belongs to another tab by now. What it held goes on with it: 1 block.',
  ],
  [
    { former: { ...kept, nodeId: WANTED, keys: 'lost' }, refusal: 'taken', blocks: 12 },
    'This tab was 3f2a… and is 9c0e… from now on: this browser no longer has the keys that prove the right to the old id. What it held goes on with it: 12 blocks.',
  ],
  [
    { former: { ...kept, nodeId: WANTED, keys: 'never' }, refusal: 'not-allowed', blocks: 0 },
    'This tab was 3f2a… and is 9c0e… from now on: an earlier version of Tabring kept no keys that prove the right to the old id, and the Discovery node lets nobody choose one from where you are.',
  ],
  [
    { former: { ...kept, nodeId: WANTED }, refusal: 'not-allowed', blocks: 2 },
    'This tab was 3f2a… and is 9c0e… from now on: the Discovery node does not know the old id any more, and lets nobody choose one from where you are. What it held goes on with it: 2 blocks.',
  ],
])('what became of an id is said: %j', (facts, text) => {
  expect(identityText({ ...usual, ...facts })).toBe(text);
});
