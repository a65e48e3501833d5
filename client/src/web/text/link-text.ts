// A link in words: how it runs, who carried its set-up, and why others did not open. Pure.

import type { LinkFailureInfo } from '../../peer/api.ts';
import type { LinkInfo } from '../../peer/ports.ts';
import { formatBytes, formatCount, shortId } from './format.ts';

/** One line of the table of links, in the order of LINK_COLUMNS. */
export interface LinkRow {
  readonly nodeId: string;
  readonly cells: readonly string[];
}

export const LINK_COLUMNS = ['Path', 'Set up by', 'Round trip', 'Sent', 'Received'] as const;

/** What is not known, or does not exist yet. */
const UNKNOWN = '–';

/** Open links first, each kind in the order of ids, so that a line stays where it was. */
export function linkRows(links: readonly LinkInfo[]): readonly LinkRow[] {
  const sorted = links.toSorted((a, b) =>
    a.state === b.state ? compare(a.nodeId, b.nodeId) : compare(b.state, a.state),
  );
  return sorted.map((link) => ({
    nodeId: link.nodeId,
    cells: [pathText(link), wayText(link), rttText(link), bytesText(link.bytesSent), bytesText(link.bytesReceived)],
  }));
}

/** 5 open: 4 direct, 1 over a TURN server; 1 opening. */
export function linksSummary(links: readonly LinkInfo[]): string {
  const open = links.filter(({ state }) => state === 'open');
  const kinds = (['direct', 'turn', 'ring', undefined] as const).flatMap((path) => {
    const count = open.filter((link) => link.path === path).length;
    return count === 0 ? [] : [`${count} ${PATH_TEXTS[path ?? 'unknown']}`];
  });
  const opening = links.length - open.length;
  const parts = [
    open.length === 0 ? 'None open' : `${open.length} open: ${kinds.join(', ')}`,
    ...(opening === 0 ? [] : [`${opening} opening`]),
  ];
  return `${parts.join('; ')}.`;
}

/** Link to 81bc…, 2 attempts: No network path between the two tabs was found. … */
export function linkFailureText({ nodeId, times, message }: LinkFailureInfo): string {
  return `Link to ${shortId(nodeId)}, ${formatCount(times, 'attempt')}: ${message}`;
}

const PATH_TEXTS = {
  direct: 'direct',
  turn: 'over a TURN server',
  ring: 'through a common leaf',
  unknown: 'on an unknown path',
} as const;

function pathText({ state, path }: LinkInfo): string {
  if (state === 'connecting') return 'opening…';
  return path === undefined ? UNKNOWN : PATH_TEXTS[path];
}

function wayText({ signalledBy }: LinkInfo): string {
  if (signalledBy === undefined) return UNKNOWN;
  return signalledBy === 'ring' ? 'the ring' : 'the Discovery node';
}

function rttText({ rttMs }: LinkInfo): string {
  if (rttMs === undefined) return UNKNOWN;
  return rttMs < 1 ? 'below 1 ms' : `${Math.round(rttMs)} ms`;
}

function bytesText(bytes: number | undefined): string {
  return bytes === undefined ? UNKNOWN : formatBytes(bytes);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
