// The results as a table of Markdown, and the ratios within the run.

import { median, percentile } from '../links/statistics.ts';
import type { Ratios, Results, Round } from './results.ts';
import type { RingRound } from './ring-round.ts';

export function report({ date, machine, megabytes, tabs, builds, rounds, ratios }: Results): string {
  const rows = [
    ratesRow(
      'raw',
      megabytes,
      rounds.map(({ raw }) => raw),
    ),
    ...builds.flatMap((build) => [
      ratesRow(
        `${build}: retrieve`,
        megabytes,
        ofBuild(rounds, build).map(({ retrieve }) => retrieve),
      ),
      ratesRow(
        `${build}: store, acknowledged`,
        megabytes,
        ofBuild(rounds, build).map(({ store }) => store),
      ),
      ratesRow(
        `${build}: store, all copies`,
        megabytes,
        ofBuild(rounds, build).map(({ store }) => ({ milliseconds: store.allCopiesMs, cpuSeconds: Number.NaN })),
      ),
    ]),
    ratesRow(
      'WebTorrent',
      megabytes,
      rounds.flatMap(({ webTorrent }) => webTorrent ?? []),
    ),
  ].flat();
  return [
    `Measured ${date} with ${machine.browser} and Node ${machine.node} on ${machine.cores} cores (${machine.cpu}); load average before`,
    `it ${machine.loadBefore.toFixed(1)}. ${megabytes} MB, ${rounds.length} rounds; ${tabs} tabs in the ring, and a newcomer that retrieves.`,
    '',
    '| | MB/s | CPU s / 100 MB |',
    '| --- | ---: | ---: |',
    ...rows,
    ...ratios.flatMap((of) => ['', ...ratioLines(of)]),
  ].join('\n');
}

function ofBuild(rounds: readonly Round[], build: string): readonly RingRound[] {
  return rounds.flatMap(({ ours }) => ours[build] ?? []);
}

function ratesRow(
  name: string,
  megabytes: number,
  rounds: readonly { readonly milliseconds: number; readonly cpuSeconds: number }[],
): string[] {
  if (rounds.length === 0) return [];
  const rates = rounds.map(({ milliseconds }) => megabytes / (milliseconds / 1000));
  const cpu = (median(rounds.map(({ cpuSeconds }) => cpuSeconds)) * 100) / megabytes;
  const shown = [median(rates), percentile(rates, 0), percentile(rates, 1)].map((rate) => rate.toFixed(1));
  return [`| ${name} | ${shown[0]} (${shown[1]}-${shown[2]}) | ${Number.isNaN(cpu) ? '' : cpu.toFixed(2)} |`];
}

function ratioLines(of: Ratios): string[] {
  const { retrieveOfWebTorrent } = of;
  const besideWebTorrent =
    retrieveOfWebTorrent === undefined ? '' : `, ${retrieveOfWebTorrent.toFixed(2)} times WebTorrent`;
  const store = (share: number, transfers: number, fair: number): string =>
    `${share.toFixed(2)} of raw; the tabs sent the file ${transfers.toFixed(2)} times, which makes ${fair.toFixed(2)} of raw for the same bytes`;
  return [
    `* ${of.build}: retrieve ${of.retrieveOfRaw.toFixed(2)} of raw${besideWebTorrent}`,
    `* ${of.build}: store until acknowledged ${store(of.storeOfRaw, of.transfers, of.storeOfRawForItsTransfers)}`,
    `* ${of.build}: store until all copies ${store(of.allCopiesOfRaw, of.allTransfers, of.allCopiesOfRawForItsTransfers)}`,
  ];
}

/** Neighbours in time share the machine's mood, so shares are taken within rounds. */
export function ratiosOf(rounds: readonly Round[], build: string): Ratios {
  const pairs = rounds.flatMap(({ raw, webTorrent, ours }) => {
    const own = ours[build];
    return own === undefined ? [] : [{ raw: raw.milliseconds, webTorrent: webTorrent?.milliseconds, ...own }];
  });
  const middle = (share: (pair: (typeof pairs)[number]) => number): number => median(pairs.map(share));
  const besideWebTorrent = pairs.flatMap(({ webTorrent, retrieve }) =>
    webTorrent === undefined ? [] : webTorrent / retrieve.milliseconds,
  );
  return {
    build,
    retrieveOfRaw: middle(({ raw, retrieve }) => raw / retrieve.milliseconds),
    retrieveOfWebTorrent: besideWebTorrent.length === 0 ? undefined : median(besideWebTorrent),
    storeOfRaw: middle(({ raw, store }) => raw / store.milliseconds),
    allCopiesOfRaw: middle(({ raw, store }) => raw / store.allCopiesMs),
    transfers: middle(({ store }) => store.transfers),
    allTransfers: middle(({ store }) => store.allTransfers),
    storeOfRawForItsTransfers: middle(({ raw, store }) => (raw * store.transfers) / store.milliseconds),
    allCopiesOfRawForItsTransfers: middle(({ raw, store }) => (raw * store.allTransfers) / store.allCopiesMs),
  };
}
