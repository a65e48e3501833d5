import { describe, expect, it } from 'vitest';
import { linkRows, linksSummary } from '../../src/web/text/link-text.ts';
import { demoId } from './demo-peer.ts';

const a = demoId('1a00');
const b = demoId('2b00');
const c = demoId('3c00');
const d = demoId('4d00');
const e = demoId('5e00');

describe('linkRows', () => {
  it('says by id how each link runs, with its figures', () => {
    const links = [
      { nodeId: b, state: 'open', path: 'turn', rttMs: 31.7, bytesSent: 2_000_000, bytesReceived: 999 },
      { nodeId: a, state: 'open', path: 'direct', signalledBy: 'ring', rttMs: 0.4, bytesSent: 0, bytesReceived: 0 },
      { nodeId: c, state: 'relayed', path: 'ring', carrier: a },
      { nodeId: e, state: 'connecting' },
      { nodeId: d, state: 'open' },
    ] as const;
    expect(linkRows({ links, linkFailures: [] }).map(({ kind, way, figures }) => [kind, way, figures])).toEqual([
      ['direct', 'direct', 'set up by the ring, under 1 ms, sent 0 bytes, received 0 bytes'],
      ['turn', 'over a TURN server', '32 ms, sent 2.0 MB, received 999 bytes'],
      ['ring', 'through the ring, carried by 1a00…', ''],
      ['open', 'open', ''],
      ['connecting', 'connecting…', ''],
    ]);
  });

  it('says why there is no link: to a relayed node, and to one that nothing reaches', () => {
    const failure = { stage: 'ice', message: 'No path.' } as const;
    const links = [{ nodeId: c, state: 'relayed', path: 'ring', carrier: a }] as const;
    const linkFailures = [
      { ...failure, nodeId: c, times: 1 },
      { ...failure, nodeId: d, times: 3 },
    ];
    expect(linkRows({ links, linkFailures })).toMatchObject([
      { nodeId: c, kind: 'ring', reason: 'No path.' },
      { nodeId: d, kind: 'failed', way: 'no link', reason: 'No path. Tried 3 times in a row.' },
    ]);
  });
});

describe('linksSummary', () => {
  it('counts the ways', () => {
    const links = [
      { nodeId: a, state: 'open', path: 'direct' },
      { nodeId: b, state: 'open', path: 'turn' },
      { nodeId: c, state: 'relayed', path: 'ring' },
      { nodeId: d, state: 'open' },
      { nodeId: e, state: 'connecting' },
    ] as const;
    const summary = linksSummary(linkRows({ links, linkFailures: [] }));
    expect(summary).toBe('2 direct, 1 over a TURN server, 1 through the ring.');
    expect(linksSummary([])).toBe('No links yet.');
  });
});
