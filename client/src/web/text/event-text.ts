// The event log's sentences: what happened in the ring, in words for a student who reads the paper beside it. Pure.

import type { TraceEvent } from '../../core/io.ts';
import type { NodeId } from '../../core/pastry/id.ts';
import type { PeerEvent } from '../../peer/api.ts';
import { diskText } from '../../prompt/disk-text.ts';
import { standingNews } from './discovery-text.ts';
import { formatBytes, formatCount, shortId } from './format.ts';

export type LogTopic = 'ring' | 'tables' | 'messages' | 'files' | 'links';

export interface LogText {
  readonly topic: LogTopic;
  readonly text: string;
}

/** The sentence for an event at the node `self`; undefined for what the page shows otherwise. */
export function peerEventText(event: PeerEvent, self: NodeId): LogText | undefined {
  const sentence = sentenceOf(event, self);
  // A short id brings its own dots.
  return sentence && { ...sentence, text: sentence.text.replaceAll('….', '…') };
}

function sentenceOf(event: PeerEvent, self: NodeId): LogText | undefined {
  switch (event.type) {
    case 'status':
      return { topic: 'ring', text: STATUS_SENTENCES[event.status] };
    case 'trace':
      return traceText(event.event, self);
    case 'link':
      return { topic: 'links', text: linkText(event) };
    case 'discovery':
      return { topic: 'ring', text: standingNews(event.state, event.message) };
    case 'sent': {
      const text = `Sent block ${shortId(event.digest)} (${formatBytes(event.size)}) to ${shortId(event.nodeId)}.`;
      return { topic: 'files', text };
    }
    case 'misdeed':
      return { topic: 'links', text: misdeedText(event) };
    case 'disk':
      return { topic: 'files', text: diskText(event) };
    case 'files':
      return undefined;
  }
}

const STATUS_SENTENCES = {
  joining: 'Joining: this tab answers for no key until its leaf set has confirmed it.',
  active: 'Active: the leaf set has confirmed this tab; it now answers for the keys closest to its id.',
  left: 'Left the ring.',
} as const;

function traceText(event: TraceEvent, self: NodeId): LogText {
  switch (event.kind) {
    case 'joined':
      return { topic: 'ring', text: joinedText(event.route, self) };
    case 'leaf-added':
      return { topic: 'tables', text: `Leaf set: added ${shortId(event.nodeId)}, now among the closest on its side.` };
    case 'leaf-removed':
      return { topic: 'tables', text: `Leaf set: removed ${shortId(event.nodeId)}.` };
    case 'entry-added':
      return {
        topic: 'tables',
        text: `Routing table: ${shortId(event.nodeId)} into row ${event.row}, column ${event.column}: it shares ${formatCount(event.row, 'digit')} with this tab, then comes ${event.column}.`,
      };
    case 'entry-removed':
      return {
        topic: 'tables',
        text: `Routing table: ${shortId(event.nodeId)} out of row ${event.row}, column ${event.column}.`,
      };
    case 'suspected':
      return {
        topic: 'ring',
        text: `${shortId(event.nodeId)} did not answer in time: suspected, and routed around until a probe tells.`,
      };
    case 'failed':
      return {
        topic: 'ring',
        text: `${shortId(event.nodeId)} answers no probe: taken for dead; the tables are repaired.`,
      };
    case 'departed':
      return { topic: 'ring', text: `${shortId(event.nodeId)} said goodbye and left the ring.` };
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
  const others = route.filter((nodeId) => nodeId !== self);
  if (others.length === 0) return 'Founded a new ring: nobody else was there.';
  const rows =
    others.length === 1
      ? 'it gave routing-table rows and its leaf set'
      : 'each gave a row of its routing table, the last one its leaf set';
  return `Joined: the request went to ${routeText(others)}; ${rows}.`;
}

/** 3f2a… → 81bc… → 9d00… */
function routeText(route: readonly NodeId[]): string {
  return route.map(shortId).join(' → ');
}

type Routed = Extract<TraceEvent, { kind: 'routed' }>;

/** What each kind of routed message is called; the core's own name for one not listed. */
const MESSAGE_NAMES: Readonly<Record<string, string>> = {
  lookup: 'Lookup',
  join: 'Join request',
  locate: 'Search for a block',
  signal: 'Link set-up',
};

function routedText(event: Routed, self: NodeId): string {
  // A node looks its own id up through a stranger: another root means that the ring has split.
  const isOfItself = event.what === 'lookup' && event.key === event.origin;
  const name = isOfItself ? 'Check for a split ring' : (MESSAGE_NAMES[event.what] ?? event.what);
  const from = event.origin === self ? 'from this tab' : `from ${shortId(event.origin)}`;
  const head = `${name} ${from} for key ${shortId(event.key)}, hop ${event.hop}:`;
  const next = event.nextHop === undefined ? undefined : shortId(event.nextHop);
  if (event.rule === 'root' || next === undefined) return `${head} this tab is the closest to the key, its root.`;
  switch (event.rule) {
    case 'leaf-set':
      return `${head} the key is in the leaf set’s range; on to its closest node, ${next}.`;
    case 'routing-table':
      return `${head} on to ${next} by the routing table, one more digit of the key right.`;
    case 'rare-case':
      return `${head} the routing-table cell is empty; on to ${next}, as good a prefix and closer (the rare case).`;
  }
}

type Block = Extract<TraceEvent, { kind: 'held' | 'dropped' | 'lost' | 'handed-over' | 'deleted' | 'ended' }>;

function blockText(event: Block): string {
  const block = `block ${shortId(event.digest)} (key ${shortId(event.key)})`;
  const peer = event.peer === undefined ? undefined : shortId(event.peer);
  switch (event.kind) {
    case 'held':
      return `Now holding ${block}${peer === undefined ? '' : `, copied from ${peer}`}.`;
    case 'dropped':
      return `Dropped ${block}: others are closer to its key and have their copies.`;
    case 'deleted':
      return `Deleted ${block}: its owner wants it no more.`;
    case 'ended':
      return `Removed ${block}: its lease is over, and nobody has renewed it.`;
    case 'lost':
      return `The copy of ${block} here was missing or damaged and is gone; another is fetched if one is due.`;
    case 'handed-over':
      return `Handed ${block} over: ${peer ?? 'another tab'} holds it now.`;
  }
}

function misdeedText({ nodeId, what, count }: Extract<PeerEvent, { type: 'misdeed' }>): string {
  const times = count === 1 ? '' : `, ${formatCount(count, 'time')} by now`;
  return `${shortId(nodeId)} did what no correct tab does: ${what}${times}.`;
}

function linkText(event: Extract<PeerEvent, { type: 'link' }>): string {
  const peer = shortId(event.nodeId);
  switch (event.state) {
    case 'up':
      return `Link to ${peer} is open.`;
    case 'down':
      return `Link to ${peer} is down${event.message === '' ? '' : `: ${event.message}`}.`;
    case 'failed':
      return `Link to ${peer} did not open.${event.message === '' ? '' : ` ${event.message}`}`;
  }
}
