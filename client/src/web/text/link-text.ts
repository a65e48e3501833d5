// How each of a tab's links runs, in words: the list on the page. Pure.

import type { LinkFailureInfo, PeerInspection } from '../../peer/api.ts';
import type { LinkInfo } from '../../peer/ports.ts';
import { formatBytes, formatCount, shortId } from './format.ts';

export interface LinkRow {
  readonly nodeId: string;
  /** For styles: how it runs, or that it does not. */
  readonly kind: 'direct' | 'turn' | 'ring' | 'open' | 'connecting' | 'failed';
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
  const count = (kind: LinkRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  const parts = [
    [count('direct') + count('open'), 'direct'],
    [count('turn'), 'over a TURN server'],
    [count('ring'), 'through the ring'],
  ] as const;
  const words = parts.flatMap(([number, text]) => (number === 0 ? [] : [`${number} ${text}`]));
  return words.length === 0 ? 'No links yet.' : `${words.join(', ')}.`;
}

function rowOf(link: LinkInfo, failure: LinkFailureInfo | undefined): LinkRow {
  const { nodeId, state, path, carrier } = link;
  if (state === 'connecting') {
    return { nodeId, kind: 'connecting', way: 'connecting…', figures: '', reason: failure && reasonOf(failure) };
  }
  if (state === 'relayed') {
    const way = `through the ring, carried by ${carrier === undefined ? 'a common leaf' : shortId(carrier)}`;
    return { nodeId, kind: 'ring', way, figures: '', reason: failure && reasonOf(failure) };
  }
  const figures = figuresOf(link);
  if (path === 'turn') return { nodeId, kind: 'turn', way: 'over a TURN server', figures, reason: undefined };
  if (path === 'direct') return { nodeId, kind: 'direct', way: 'direct', figures, reason: undefined };
  return { nodeId, kind: 'open', way: 'open', figures, reason: undefined };
}

function failedRow(failure: LinkFailureInfo): LinkRow {
  const { nodeId } = failure;
  return { nodeId, kind: 'failed', way: 'no link', figures: '', reason: reasonOf(failure) };
}

function reasonOf({ message, times }: LinkFailureInfo): string {
  return times === 1 ? message : `${message} Tried ${formatCount(times, 'time')} in a row.`;
}

function figuresOf({ signalledBy, rttMs, bytesSent, bytesReceived }: LinkInfo): string {
  const figures: string[] = [];
  if (signalledBy !== undefined) {
    figures.push(signalledBy === 'ring' ? 'set up by the ring' : 'set up by the Discovery node');
  }
  if (rttMs !== undefined) figures.push(rttMs < 1 ? 'under 1 ms' : `${Math.round(rttMs)} ms`);
  if (bytesSent !== undefined) figures.push(`sent ${formatBytes(bytesSent)}`);
  if (bytesReceived !== undefined) figures.push(`received ${formatBytes(bytesReceived)}`);
  return figures.join(', ');
}
