// What the page does with own files: a question before a deletion, and what came of it.

import { expect, test } from 'vitest';
import { OwnFileActions } from '../../src/web/model/own-file-actions.ts';
import { removedText } from '../../src/web/text/safety-text.ts';
import { StillPeer } from '../prompt/still-peer.ts';

async function setUp() {
  const peer = new StillPeer(['1000', '5000', 'a000']);
  const { fileId } = await peer.store({ name: 'a.txt', type: '', size: 5 });
  return { peer, fileId, actions: new OwnFileActions(peer) };
}

test('a file is deleted once the question is answered, and not before', async () => {
  const { peer, fileId, actions } = await setUp();
  actions.ask(fileId);
  expect(actions.stateOf(fileId)).toEqual({ phase: 'asking' });
  actions.keep(fileId);
  expect(actions.stateOf(fileId)).toBeUndefined();
  expect(peer.own).toHaveLength(1);
  const removed = actions.remove(fileId);
  expect(actions.stateOf(fileId)).toEqual({ phase: 'deleting' });
  await removed;
  expect(peer.own).toEqual([]);
  expect(actions.stateOf(fileId)).toBeUndefined();
  const told = actions.told.value;
  expect(told && removedText(told)).toBe('a.txt: deleted at 2 of 3 holders; the others will when they come back.');
});

test('what fails is told with the file', async () => {
  const { fileId, actions } = await setUp();
  await actions.remove(fileId);
  await actions.remove(fileId);
  expect(actions.stateOf(fileId)).toMatchObject({ phase: 'failed', error: { code: 'not-owner' } });
});

test('a file is pinned and unpinned', async () => {
  const { peer, fileId, actions } = await setUp();
  await actions.setPinned(fileId, false);
  expect(peer.own[0]?.isPinned).toBe(false);
  await actions.setPinned(fileId, true);
  expect(peer.own[0]?.isPinned).toBe(true);
});
