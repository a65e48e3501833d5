// How each of a tab's links runs, in words: the list on the page.

import type { LinkFailureInfo, PeerInspection } from '../../peer/api.ts';
import type { LinkInfo } from '../../peer/ports.ts';
import { shortId } from './short-id.ts';
import { frameWords } from './words/en/frame.ts';
import { ringWords } from './words/en/ring.ts';

export interface LinkRow {
  readonly nodeId: string;
  /** For styles: how it runs, or that it does not. */
  readonly kind: 'direct' | 'turn' | 'server' | 'ring' | 'open' | 'connecting' | 'failed';
  /** The kind in words. */
  readonly way: string;
  /** Who carried its set-up, round trip and traffic; empty if nothing is known. */
  readonly figures: string;
  /** Why there is no link, and what would help. */
  readonly reason: string | undefined;
}

/** By id, so that rows stay where they are while links come and go. */
export function linkRows({ links, linkFailures }: Pick<PeerInspection, 'links' | 'linkFailures'>): readonly LinkRow[] {
  const failureByNode = new Map<string, LinkFailureInfo>(linkFailures.map((failure) => [failure.nodeId, failure]));
  const rows = links.map((link) => rowOf(link, failureByNode.get(link.nodeId)));
  const listed = new Set<string>(links.map(({ nodeId }) => nodeId));
  const failed = linkFailures.filter(({ nodeId }) => !listed.has(nodeId)).map(failedRow);
  return [...rows, ...failed].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
}

/** How many links run which way, in one line. */
export function linksSummary(rows: readonly LinkRow[]): string {
  const { linksDirect, linksTurn, linksServer, linksRing, noLinks } = ringWords();
  const count = (kind: LinkRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  const parts = [
    [count('direct') + count('open'), linksDirect],
    [count('turn'), linksTurn],
    [count('server'), linksServer],
    [count('ring'), linksRing],
  ] as const;
  const words = parts.flatMap(([number, text]) => (number === 0 ? [] : [text(number)]));
  return words.length === 0 ? noLinks : `${words.join(', ')}.`;
}

function rowOf(link: LinkInfo, failure: LinkFailureInfo | undefined): LinkRow {
  const { nodeId, state, path, carrier } = link;
  const { ways, carriedBy, carriedByLeaf } = ringWords();
  if (state === 'connecting') {
    return { nodeId, kind: 'connecting', way: ways.connecting, figures: '', reason: failure && reasonOf(failure) };
  }
  if (state === 'relayed') {
    const way = carrier === undefined ? carriedByLeaf : carriedBy(shortId(carrier));
    return { nodeId, kind: 'ring', way, figures: '', reason: failure && reasonOf(failure) };
  }
  const kind = path === undefined || path === 'ring' ? 'open' : path;
  return { nodeId, kind, way: ways[kind], figures: figuresOf(link), reason: undefined };
}

function failedRow(failure: LinkFailureInfo): LinkRow {
  const { nodeId } = failure;
  return { nodeId, kind: 'failed', way: ringWords().ways.failed, figures: '', reason: reasonOf(failure) };
}

function reasonOf({ stage, message, times }: LinkFailureInfo): string {
  const reason = frameWords().linkFailure(stage, message);
  return times === 1 ? reason : `${reason} ${ringWords().triedTimes(times)}`;
}

function figuresOf({ signalledBy, rttMs, bytesSent, bytesReceived }: LinkInfo): string {
  const words = ringWords();
  const figures: string[] = [];
  if (signalledBy !== undefined) figures.push(signalledBy === 'ring' ? words.setUpByRing : words.setUpByDiscovery);
  if (rttMs !== undefined) figures.push(rttMs < 1 ? words.fastRtt : words.rtt(Math.round(rttMs)));
  if (bytesSent !== undefined) figures.push(words.sent(bytesSent));
  if (bytesReceived !== undefined) figures.push(words.received(bytesReceived));
  return figures.join(', ');
}
