import { describe, expect, it, vi } from 'vitest';
import type { PeerEvent } from '../../src/peer/api.ts';
import { PeerError } from '../../src/peer/errors.ts';
import { DiscoveryNews, NO_ANSWER_MS } from '../../src/web/discovery-news.ts';
import { standingNews, standingText } from '../../src/web/text/discovery-text.ts';
import { noticeText, waitText } from '../../src/web/text/news-text.ts';

function setUp() {
  const waiting: string[] = [];
  const notices: (string | undefined)[] = [];
  const events: PeerEvent[] = [];
  const ends: string[] = [];
  const news = new DiscoveryNews(
    (wait) => waiting.push(waitText(wait)),
    (notice) => notices.push(noticeText(notice)),
  );
  const listener = {
    publish: (event: PeerEvent) => events.push(event),
    leave: async () => {
      ends.push('leave');
    },
    goodbye: () => {
      ends.push('goodbye');
    },
  };
  /** What the page shows of the latest event: the line of the tab's card, and the log's sentence. */
  const shown = () => {
    const event = events.at(-1);
    if (event?.type !== 'discovery') throw new Error('no news');
    return [standingText(event), standingNews(event)];
  };
  return { news, listener, waiting, notices, events, ends, shown };
}

describe('DiscoveryNews', () => {
  it('says within two seconds that there is no answer, unless there is one', () => {
    expect(NO_ANSWER_MS).toBeLessThan(2_000);
    vi.useFakeTimers();
    try {
      const { waiting } = setUp();
      vi.advanceTimersByTime(NO_ANSWER_MS - 1);
      expect(waiting).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(waiting).toEqual([expect.stringContaining('the Discovery node does not answer (yet)')]);
      for (const hear of [
        (to: DiscoveryNews) => to.greeted({}),
        (to: DiscoveryNews) => to.refused('other', 'Wait.'),
        (to: DiscoveryNews) => to.registered(),
      ]) {
        const answered = setUp();
        hear(answered.news);
        const { length } = answered.waiting;
        vi.advanceTimersByTime(NO_ANSWER_MS);
        expect(answered.waiting).toHaveLength(length);
      }
    } finally {
      vi.useRealTimers();
    }
  });

  it('says why the page waits before there is a peer, and only then', () => {
    const { news, listener, waiting, events } = setUp();
    news.away('connection refused');
    news.refused('other', 'Too many tabs. Close some.');
    news.refused('version', 'There is no such event.');
    expect(waiting).toEqual([
      'Nobody can be reached, since the Discovery node does not answer (connection refused): check this device’s network, or ask who runs the Discovery node; this page joins by itself as soon as it can.',
      'The Discovery node does not register this tab yet: Too many tabs. Close some. Still trying.',
      'The Discovery node does not register this tab yet: it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew. Still trying.',
    ]);
    news.registered();
    news.tell(listener);
    news.away('gone');
    expect(waiting).toHaveLength(3);
    expect(events.map((event) => event.type === 'discovery' && event.state)).toEqual(['registered', 'away']);
  });

  it.each([
    ['removed by the operator', 'removed', 'leave', (news: DiscoveryNews) => news.removed('class is over')],
    ['its identity was opened elsewhere', 'displaced', 'goodbye', (news: DiscoveryNews) => news.displaced()],
  ] as const)('ends a peer after it was %s, also if that came before it listened', (_, state, end, happen) => {
    for (const isEarly of [true, false]) {
      const { news, listener, events, ends } = setUp();
      if (isEarly) happen(news);
      news.tell(listener);
      if (!isEarly) happen(news);
      expect(ends).toEqual([end]);
      expect(events).toEqual([expect.objectContaining({ state })]);
    }
  });

  it.each<[string, (news: DiscoveryNews) => void, string, string]>([
    [
      'registered',
      (news) => news.registered(),
      'Registered with the Discovery node',
      'Registered with the Discovery node.',
    ],
    [
      'away',
      (news) => news.away('connection refused'),
      'Discovery node away: the ring goes on without it',
      'The Discovery node is away; the ring goes on without it.',
    ],
    [
      'removed',
      (news) => news.removed('class is over'),
      'Removed by the Discovery node: class is over',
      'The Discovery node removed this tab. class is over',
    ],
    [
      'removed, no reason given',
      (news) => news.removed(''),
      'Removed by the Discovery node: no reason was given',
      'The Discovery node removed this tab. no reason was given',
    ],
    [
      'the ring closed to it',
      (news) => news.refused('ring-closed', 'closed'),
      'The Discovery node does not register this tab now: the ring’s password was changed, or this tab’s invitation taken back. Reload the page to enter the new one; until then the tab goes on in the ring',
      'The Discovery node does not register this tab now: the ring’s password was changed, or this tab’s invitation taken back. Reload the page to enter the new one; until then the tab goes on in the ring.',
    ],
    [
      'refused as of another version',
      (news) => news.refused('version', 'version'),
      'The Discovery node does not register this tab now: it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew',
      'The Discovery node does not register this tab now: it is of another version of Tabring than this page. Reload the page; if that does not help, the Discovery node is the older one and wants to be started anew.',
    ],
    [
      'refused in the words of the Discovery node',
      (news) => news.refused('other', 'Too many tabs. Close some.'),
      'The Discovery node does not register this tab now: Too many tabs. Close some',
      'The Discovery node does not register this tab now: Too many tabs. Close some.',
    ],
    [
      'renewed',
      (news) => news.renewed(),
      'Registered with the Discovery node',
      'Registered with the Discovery node. It has renewed this tab’s certificate.',
    ],
    [
      'expired',
      (news) => news.expired(),
      'Discovery node away for so long that this tab’s certificate has run out: the ring goes on, but tabs that can reach the Discovery node refuse this one until it can too',
      'Discovery node away for so long that this tab’s certificate has run out: the ring goes on, but tabs that can reach the Discovery node refuse this one until it can too.',
    ],
    [
      'another ring key',
      (news) => news.refused('ring-key-changed', 'changed'),
      'The Discovery node does not register this tab now: it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key',
      'The Discovery node does not register this tab now: it proves itself with another key than before, so it was set up anew, or something else answers in its place. This tab goes on in its ring; reload the page to see the new key.',
    ],
    [
      'own id refused',
      (news) => news.refused('id-taken', 'taken'),
      'The Discovery node does not register this tab now: another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them',
      'The Discovery node does not register this tab now: another tab has this tab’s id now. This one goes on in the ring and asks again; if the other is yours too, close one of them.',
    ],
    [
      'opened elsewhere',
      (news) => news.displaced(),
      'Stopped: this tab’s identity is open in another tab, which goes on with it',
      'Stopped: this tab’s identity is open in another tab, which goes on with it.',
    ],
  ])('says in words what happened: %s', (_, happen, line, sentence) => {
    const { news, listener, shown } = setUp();
    news.tell(listener);
    happen(news);
    expect(shown()).toEqual([line, sentence]);
  });

  it('says that a renewed certificate could not be kept', () => {
    const { news, notices } = setUp();
    news.notKept(new PeerError('full', 'There is no room left in this browser.'));
    expect(notices).toEqual([
      'This browser could not keep the tab’s renewed certificate. The tab goes on, but may get another id when it is reloaded. There is no room left in this browser.',
    ]);
  });
});
