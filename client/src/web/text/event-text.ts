// The event log's sentences: what happened in the ring, in words for a student who reads the paper beside it.

import type { TraceEvent } from '../../core/io.ts';
import type { NodeId } from '../../core/pastry/id.ts';
import type { PeerEvent } from '../../peer/api.ts';
import { standingNews } from './discovery-text.ts';
import { shortId, withoutDoubledDots } from './short-id.ts';
import { eventWords } from './words/en/events.ts';
import { troubleWords } from './words/en/trouble.ts';

export type LogTopic = 'ring' | 'tables' | 'messages' | 'files' | 'links';

export interface LogText {
  readonly topic: LogTopic;
  readonly text: string;
}

/** The sentence for an event at the node `self`; undefined for what the page shows otherwise. */
export function peerEventText(event: PeerEvent, self: NodeId): LogText | undefined {
  const sentence = sentenceOf(event, self);
  return sentence && { ...sentence, text: withoutDoubledDots(sentence.text) };
}

function sentenceOf(event: PeerEvent, self: NodeId): LogText | undefined {
  const words = eventWords();
  switch (event.type) {
    case 'status':
      return { topic: 'ring', text: words[event.status] };
    case 'trace':
      return traceText(event.event, self);
    case 'link':
      return { topic: 'links', text: linkText(event) };
    case 'discovery':
      return { topic: 'ring', text: standingNews(event) };
    case 'sent':
      return { topic: 'files', text: words.sent(shortId(event.digest), event.size, shortId(event.nodeId)) };
    case 'misdeed': {
      const { what, count } = event;
      const node = shortId(event.nodeId);
      return { topic: 'links', text: count === 1 ? words.misdeed(node, what) : words.misdeeds(node, what, count) };
    }
    case 'disk':
      return { topic: 'files', text: troubleWords().disk[event.state](event.blocks) };
    case 'files':
      return undefined;
  }
}

function traceText(event: TraceEvent, self: NodeId): LogText {
  const words = eventWords();
  switch (event.kind) {
    case 'joined':
      return { topic: 'ring', text: joinedText(event.route, self) };
    case 'leaf-added':
      return { topic: 'tables', text: words.leafAdded(shortId(event.nodeId)) };
    case 'leaf-removed':
      return { topic: 'tables', text: words.leafRemoved(shortId(event.nodeId)) };
    case 'entry-added':
      return { topic: 'tables', text: words.entryAdded(shortId(event.nodeId), event.row, event.column) };
    case 'entry-removed':
      return { topic: 'tables', text: words.entryRemoved(shortId(event.nodeId), event.row, event.column) };
    case 'suspected':
      return { topic: 'ring', text: words.suspected(shortId(event.nodeId)) };
    case 'failed':
      return { topic: 'ring', text: words.failed(shortId(event.nodeId)) };
    case 'departed':
      return { topic: 'ring', text: words.departed(shortId(event.nodeId)) };
    case 'routed':
      return { topic: 'messages', text: routedText(event, self) };
    case 'held':
    case 'dropped':
    case 'lost':
    case 'handed-over':
    case 'deleted':
    case 'ended':
      return { topic: 'files', text: blockText(event) };
  }
}

function joinedText(route: readonly NodeId[], self: NodeId): string {
  const words = eventWords();
  const others = route.filter((nodeId) => nodeId !== self);
  if (others.length === 0) return words.founded;
  // 3f2a… → 81bc… → 9d00…
  const way = others.map(shortId).join(' → ');
  return others.length === 1 ? words.joinedByOne(way) : words.joined(way);
}

type Routed = Extract<TraceEvent, { kind: 'routed' }>;

function routedText(event: Routed, self: NodeId): string {
  const words = eventWords();
  // A node looks its own id up through a stranger: another root means that the ring has split.
  const isOfItself = event.what === 'lookup' && event.key === event.origin;
  const name = isOfItself ? words.splitCheck : (words.messages[event.what] ?? event.what);
  const key = shortId(event.key);
  const head =
    event.origin === self
      ? words.fromThisTab(name, key, event.hop)
      : words.from(name, shortId(event.origin), key, event.hop);
  const next = event.nextHop === undefined ? undefined : shortId(event.nextHop);
  if (event.rule === 'root' || next === undefined) return words.atRoot(head);
  switch (event.rule) {
    case 'leaf-set':
      return words.byLeafSet(head, next);
    case 'routing-table':
      return words.byTable(head, next);
    case 'rare-case':
      return words.byRareCase(head, next);
  }
}

type Block = Extract<TraceEvent, { kind: 'held' | 'dropped' | 'lost' | 'handed-over' | 'deleted' | 'ended' }>;

function blockText(event: Block): string {
  const words = eventWords();
  const block = words.block(shortId(event.digest), shortId(event.key));
  const peer = event.peer === undefined ? undefined : shortId(event.peer);
  switch (event.kind) {
    case 'held':
      return peer === undefined ? words.heldOwn(block) : words.held(block, peer);
    case 'handed-over':
      return words.handedOver(block, peer ?? words.anotherTab);
    case 'dropped':
    case 'deleted':
    case 'ended':
    case 'lost':
      return words[event.kind](block);
  }
}

/** What an end says of a link that does not open stays in English. */
function linkText(event: Extract<PeerEvent, { type: 'link' }>): string {
  const words = eventWords();
  const peer = shortId(event.nodeId);
  switch (event.state) {
    case 'up':
      return words.linkUp(peer);
    case 'down':
      return `${words.linkDown(peer)}${event.message === '' ? '' : `: ${words.downWhy(event.message)}`}.`;
    case 'failed':
      return `${words.linkFailed(peer)}${event.message === '' ? '' : ` ${event.message}`}`;
  }
}
