import { describe, expect, it } from 'vitest';
import { PeerError } from '../../src/peer/errors.ts';
import { errorText } from '../../src/web/text/error-text.ts';
import { failureText, noticeText } from '../../src/web/text/news-text.ts';
import { isAborted } from '../../src/web/text/page-error.ts';

describe('errorText', () => {
  it('makes a sentence of what the peer says', () => {
    expect(errorText(new PeerError('timed-out', 'no tab answered; try again'))).toBe('No tab answered; try again.');
    expect(errorText(new PeerError('full', 'The ring is full.'))).toBe('The ring is full.');
  });

  it('says of anything else that it is unexpected, and what it was', () => {
    expect(errorText(new Error('boom'))).toContain('unexpected went wrong: boom');
    expect(errorText('odd')).toContain('odd');
  });

  it('tells what the user stopped from what failed', () => {
    expect(isAborted(new PeerError('aborted', 'Cancelled.'))).toBe(true);
    expect(isAborted(new DOMException('aborted', 'AbortError'))).toBe(true);
    expect(isAborted(new PeerError('full', 'full'))).toBe(false);
  });
});

describe('what the browser lacks', () => {
  it('is told with the way to get it', () => {
    expect(noticeText({ kind: 'insecure', host: '192.168.1.2:8080' })).toMatch(/192\.168\.1\.2:8080.*https/);
    expect(failureText({ kind: 'lacks', lacks: ['webrtc', 'indexedDb'] })).toMatch(/WebRTC.* and no IndexedDB/);
  });
});
