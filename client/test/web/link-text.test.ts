// Links in the page's words: every path, stage and count is said, and nothing that is not known.

import { describe, expect, it } from 'vitest';
import type { LinkInfo } from '../../src/peer/ports.ts';
import { linkFailureText, linkRows, linksSummary } from '../../src/web/text/link-text.ts';
import { demoId } from './demo-peer.ts';

const [a, b, c, d, e] = ['1', '2', '3', '4', '5'].map(demoId);
if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined) throw new Error();

const LINKS: readonly LinkInfo[] = [
  { nodeId: e, state: 'connecting' },
  { nodeId: b, state: 'open', path: 'turn', signalledBy: 'ring', rttMs: 0.4, bytesSent: 0, bytesReceived: 1 },
  { nodeId: d, state: 'open' },
  { nodeId: c, state: 'open', path: 'ring' },
  { nodeId: a, state: 'open', path: 'direct', signalledBy: 'discovery', rttMs: 41.6, bytesSent: 2e6, bytesReceived: 9 },
];

describe('a link', () => {
  it('is a line that says how it runs, open ones first, in the order of ids', () => {
    expect(linkRows(LINKS)).toEqual([
      { nodeId: a, cells: ['direct', 'the Discovery node', '42 ms', '2.0 MB', '9 bytes'] },
      { nodeId: b, cells: ['over a TURN server', 'the ring', 'below 1 ms', '0 bytes', '1 byte'] },
      { nodeId: c, cells: ['through a common leaf', '–', '–', '–', '–'] },
      { nodeId: d, cells: ['–', '–', '–', '–', '–'] },
      { nodeId: e, cells: ['opening…', '–', '–', '–', '–'] },
    ]);
  });

  it('counts in the summary, by path', () => {
    expect(linksSummary(LINKS)).toBe(
      '4 open: 1 direct, 1 over a TURN server, 1 through a common leaf, 1 on an unknown path; 1 opening.',
    );
    expect(linksSummary([])).toBe('None open.');
  });
});

it('a link that did not open says why, what to do, and how often it was tried', () => {
  const failure = { nodeId: a, stage: 'no-answer', message: 'The other tab did not answer.', times: 2 } as const;
  expect(linkFailureText(failure)).toBe(`Link to ${a.slice(0, 4)}…, 2 attempts: The other tab did not answer.`);
  expect(linkFailureText({ ...failure, times: 1 })).toContain('1 attempt:');
});
