import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/core/io.ts';
import type { PeerEvent } from '../../src/peer/api.ts';
import { peerEventText } from '../../src/web/text/event-text.ts';
import { demoId } from './demo-peer.ts';

const self = demoId('3f2a');
const other = demoId('81bc');
const third = demoId('9d00');
const key = demoId('8d31');
const textOf = (event: PeerEvent) => peerEventText(event, self)?.text;
const traceText = (event: TraceEvent) => textOf({ type: 'trace', event });

describe('peerEventText', () => {
  it('tells of joining and founding', () => {
    expect(traceText({ kind: 'joined', route: [] })).toContain('Founded a new ring');
    expect(traceText({ kind: 'joined', route: [other] })).toContain('went to 81bc…; it gave');
    expect(traceText({ kind: 'joined', route: [other, third] })).toContain('81bc… → 9d00…; each gave a row');
  });

  it('tells of table updates with row and column', () => {
    const entry = { kind: 'entry-added', nodeId: other, row: 1, column: '8' } as const;
    expect(peerEventText({ type: 'trace', event: entry }, self)).toEqual({
      topic: 'tables',
      text: 'Routing table: 81bc… into row 1, column 8: it shares 1 digit with this tab, then comes 8.',
    });
  });

  it.each([
    ['leaf-set', third, 'in the leaf set’s range; on to its closest node, 9d00…'],
    ['routing-table', third, 'on to 9d00… by the routing table'],
    ['rare-case', third, 'the rare case'],
    ['root', undefined, 'this tab is the closest to the key, its root'],
  ] as const)('tells a hop by the rule %s', (rule, nextHop, part) => {
    const text = traceText({ kind: 'routed', what: 'lookup', key, origin: other, hop: 2, nextHop, rule });
    expect(text).toContain('Lookup from 81bc… for key 8d31…, hop 2:');
    expect(text).toContain(part);
  });

  it('names a lookup of the own id for what it is', () => {
    const check = { kind: 'routed', what: 'lookup', key: other, origin: other, hop: 0, nextHop: third } as const;
    expect(traceText({ ...check, rule: 'routing-table' })).toMatch(/^Check for a split ring from 81bc… for key 81bc…,/);
  });

  it('tells its own messages from others’, and names what it does not know', () => {
    const hop = { kind: 'routed', what: 'probe', key, origin: self, hop: 0, nextHop: third, rule: 'leaf-set' } as const;
    expect(traceText(hop)).toContain('probe from this tab');
  });

  it('tells what became of blocks', () => {
    expect(traceText({ kind: 'held', digest: key, key, peer: other })).toBe(
      'Now holding block 8d31… (key 8d31…), copied from 81bc…',
    );
    expect(traceText({ kind: 'held', digest: key, key, peer: undefined })).toBe('Now holding block 8d31… (key 8d31…).');
  });

  it('tells what was sent to whom', () => {
    expect(textOf({ type: 'sent', nodeId: other, digest: key, size: 65_536 })).toBe(
      'Sent block 8d31… (66 KB) to 81bc…',
    );
  });

  it('tells of links and the Discovery node with what they say', () => {
    expect(textOf({ type: 'link', nodeId: other, state: 'failed', message: 'No answer.' })).toBe(
      'Link to 81bc… did not open. No answer.',
    );
    expect(textOf({ type: 'discovery', state: 'away', message: '' })).toBe(
      'The Discovery node is away; the ring goes on without it.',
    );
  });

  it('tells of misdeeds by name, and how often', () => {
    const misdeed = { type: 'misdeed', nodeId: other, what: 'a chunk out of place' } as const;
    expect(textOf({ ...misdeed, count: 1 })).toBe('81bc… did what no correct tab does: a chunk out of place.');
    expect(textOf({ ...misdeed, count: 100 })).toBe(
      '81bc… did what no correct tab does: a chunk out of place, 100 times by now.',
    );
  });

  it('says nothing of what the lists show', () => expect(textOf({ type: 'files' })).toBeUndefined());

  it('has a sentence for every event', () => {
    const kinds: readonly TraceEvent[] = [
      { kind: 'leaf-added', nodeId: other },
      { kind: 'leaf-removed', nodeId: other },
      { kind: 'entry-removed', nodeId: other, row: 0, column: '8' },
      { kind: 'suspected', nodeId: other },
      { kind: 'failed', nodeId: other },
      { kind: 'departed', nodeId: other },
      { kind: 'dropped', digest: key, key, peer: undefined },
      { kind: 'lost', digest: key, key, peer: undefined },
      { kind: 'handed-over', digest: key, key, peer: other },
    ];
    const texts = kinds.map(traceText);
    expect(new Set(texts).size).toBe(kinds.length);
    for (const text of texts) expect(text).toMatch(/^[A-Z0-9].*[.…]$/);
  });
});
