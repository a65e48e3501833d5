import { expect, test } from 'vitest';
import { ownRelease } from '../../../signaling/release.ts';
import { DiscoveryNews } from '../../src/node/discovery-news.ts';

test('a peer of another release than the Discovery node says so, once for each that it meets', () => {
  const notices: string[] = [];
  const news = new DiscoveryNews({ waiting: () => undefined, notify: (notice) => notices.push(notice) });
  news.greeted({});
  news.greeted({ release: ownRelease() });
  expect(notices).toEqual([]);
  news.greeted({ release: '9.9.9' });
  news.greeted({ release: '9.9.9' });
  expect(notices).toEqual([
    `the Discovery node runs Tabring 9.9.9, this program ${ownRelease()}: bring the older of the two up to date`,
  ]);
  news.greeted({ release: '9.9.10' });
  expect(notices).toHaveLength(2);
});
