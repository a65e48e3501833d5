// WebTorrent over a local tracker: one tab seeds, the other fetches until it has verified everything.

import WebTorrent from 'webtorrent';

export interface Fetched {
  /** From adding the torrent to the first connection, milliseconds. */
  readonly setUpMs: number;
  /** From the first connection to the last verified piece, milliseconds. */
  readonly bulkMs: number;
}

export interface Seeded {
  readonly torrentFile: readonly number[];
  /** From handing the file over to the tracker's knowing of it, milliseconds: the hashing of all pieces, mostly. */
  readonly seedMs: number;
}

/** Seeds random bytes. */
export function seed(bytes: number): Promise<Seeded> {
  const file = randomFile(bytes);
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const torrent = createClient().seed(file, { announce: [tracker()] });
    torrent.on('trackerAnnounce', () =>
      resolve({ torrentFile: [...torrent.torrentFile], seedMs: performance.now() - startedAt }),
    );
  });
}

export function fetchAll(torrentFile: readonly number[], bytes: number): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const addedAt = performance.now();
    let connectedAt: number | undefined;
    const torrent = createClient().add(Uint8Array.from(torrentFile));
    torrent.on('wire', () => {
      connectedAt ??= performance.now();
    });
    torrent.on('done', () => {
      if (torrent.length !== bytes || connectedAt === undefined)
        return reject(new Error('this is not what was seeded'));
      resolve({ setUpMs: connectedAt - addedAt, bulkMs: performance.now() - connectedAt });
    });
  });
}

function createClient(): WebTorrent {
  const client = new WebTorrent({ dht: false, tracker: { rtcConfig: { iceServers: [] } } });
  client.on('error', (error) => console.error(error));
  return client;
}

function tracker(): string {
  return `ws://${location.hostname}:${new URLSearchParams(location.search).get('tracker')}`;
}

function randomFile(bytes: number): File {
  const content = new Uint8Array(bytes);
  const most = 65_536; // of what getRandomValues gives at once
  for (let at = 0; at < bytes; at += most) crypto.getRandomValues(content.subarray(at, at + most));
  return new File([content], 'bench.bin');
}
