// The page of the benchmark: one end of a link of the contender that its address names, commanded by ../pair.ts.

import type { Endpoint, StartEndpoint } from './endpoint.ts';
import type { Talk } from './talk.ts';
import type { Fetched, Seeded } from './webtorrent.ts';

export interface BenchPage {
  /** The name by which the other tab can connect. */
  readonly name: string;
  /** Milliseconds. */
  connect(name: string): Promise<number>;
  /** Milliseconds until the far end has `bytes`. */
  bulk(bytes: number): Promise<number>;
  /** Milliseconds of each of so many pings, one after the other. */
  pings(count: number): Promise<number[]>;
  /** The same while bulk runs, as many as there is time for. */
  pingsUnderBulk(bytes: number): Promise<number[]>;
  /** Opens so many more endpoints in this tab; resolves with their names. */
  more(count: number): Promise<string[]>;
  seed(bytes: number): Promise<Seeded>;
  fetchAll(torrentFile: readonly number[], bytes: number): Promise<Fetched>;
}

declare global {
  interface Window {
    /** Set once it can be connected to. */
    bench?: BenchPage;
  }
}

/** Each loads only what it needs. */
const CONTENDERS: Readonly<Record<string, () => Promise<StartEndpoint>>> = {
  raw: async () => (await import('./raw.ts')).startRaw,
  ours: async () => (await import('./our-link.ts')).startOurLink,
  'simple-peer send': async () => (await import('./plain-simple-peer.ts')).startSimplePeerSend,
  'simple-peer write': async () => (await import('./plain-simple-peer.ts')).startSimplePeerWrite,
  'PeerJS raw': async () => (await import('./peerjs.ts')).startPeerJsRaw,
  'PeerJS default': async () => (await import('./peerjs.ts')).startPeerJsDefault,
};

const contender = new URLSearchParams(location.search).get('contender') ?? '';
window.bench = contender === 'WebTorrent' ? await webTorrentPage() : await linkPage();

async function linkPage(): Promise<BenchPage> {
  const load = CONTENDERS[contender];
  if (load === undefined) throw new Error(`there is no contender ${contender}`);
  const start = await load();
  const endpoint: Endpoint = await start();
  let talk: Talk | undefined;
  const talking = (): Talk => {
    if (talk === undefined) throw new Error('not connected');
    return talk;
  };
  const pingsWhile = async (goesOn: (done: number) => boolean): Promise<number[]> => {
    const times: number[] = [];
    while (goesOn(times.length)) times.push(await talking().ping());
    return times;
  };
  return {
    name: endpoint.name,
    async connect(name) {
      const startedAt = performance.now();
      talk = await endpoint.connect(name);
      return performance.now() - startedAt;
    },
    bulk: (bytes) => talking().sendBulk(bytes),
    pings: (count) => pingsWhile((done) => done < count),
    async pingsUnderBulk(bytes) {
      let isRunning = true;
      const bulk = talking()
        .sendBulk(bytes)
        .then(() => {
          isRunning = false;
        });
      const times = await pingsWhile(() => isRunning);
      await bulk;
      return times;
    },
    more: async (count) => {
      const names: string[] = [];
      while (names.length < count) names.push((await start()).name);
      return names;
    },
    seed: () => Promise.reject(new Error('only WebTorrent seeds')),
    fetchAll: () => Promise.reject(new Error('only WebTorrent fetches')),
  };
}

async function webTorrentPage(): Promise<BenchPage> {
  const { seed, fetchAll } = await import('./webtorrent.ts');
  const never = (): Promise<never> => Promise.reject(new Error('WebTorrent does not show its links'));
  const name = contender;
  return { name, connect: never, bulk: never, pings: never, pingsUnderBulk: never, more: never, seed, fetchAll };
}
