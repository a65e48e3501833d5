import { describe, expect, it } from 'vitest';
import type { PeerEvent } from '../../src/peer/api.ts';
import { DiscoveryNews } from '../../src/web/discovery-news.ts';

function setUp() {
  const waiting: string[] = [];
  const events: PeerEvent[] = [];
  const counts = { leaves: 0 };
  const news = new DiscoveryNews((message) => waiting.push(message));
  const listener = {
    publish: (event: PeerEvent) => events.push(event),
    leave: async () => {
      counts.leaves += 1;
    },
  };
  return { news, listener, waiting, events, counts };
}

describe('DiscoveryNews', () => {
  it('says why the page waits before there is a peer, and only then', () => {
    const { news, listener, waiting, events } = setUp();
    news.away('connection refused');
    expect(waiting).toEqual([expect.stringContaining('(connection refused)')]);
    news.registered();
    news.tell(listener);
    news.away('gone');
    expect(waiting).toHaveLength(1);
    expect(events.map((event) => event.type === 'discovery' && event.state)).toEqual(['registered', 'away']);
  });

  it.each([
    ['removed by the operator', (news: DiscoveryNews) => news.removed('class is over')],
    ['losing its id', (news: DiscoveryNews) => news.idLost()],
  ])('makes a peer leave after %s, also if that came before it listened', (_, happen) => {
    for (const isEarly of [true, false]) {
      const { news, listener, events, counts } = setUp();
      if (isEarly) happen(news);
      news.tell(listener);
      if (!isEarly) happen(news);
      expect(counts.leaves).toBe(1);
      expect(events).toEqual([expect.objectContaining({ state: 'removed' })]);
    }
  });
});
