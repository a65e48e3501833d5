// The plots of docs/figures.md, from what was measured; a plot without any figure of ours is not drawn.

import { hopsName, RING_SIZES, SWEPT_SESSIONS, sweepName } from './report-experiments.ts';
import { PASTRY_BY_NODES, PASTRY_DISTRIBUTION, PASTRY_FAILURES } from './report-papers.ts';
import type { Figures } from './report-results.ts';
import { barPlot, GREY, linePlot, OURS, PAPER, type Series, THIRD } from './report-svg.ts';

export interface Plot {
  /** Without its folder. */
  readonly file: string;
  readonly alt: string;
  readonly svg: string;
}

export function drawPlots(results: Figures): Plot[] {
  const drawn = [hops(results), distribution(results), stretch(results), failures(results), churn(results)];
  return drawn.filter((plot) => plot !== undefined);
}

/** The largest ring that was measured; undefined if none was. */
export function largestRing(results: Figures): number | undefined {
  return RING_SIZES.findLast((nodes) => results.number(hopsName(nodes), 'meanHops') !== undefined);
}

function measured(results: Figures, key: string): [number, number][] {
  const points: [number, number][] = [];
  for (const nodes of RING_SIZES) {
    const value = results.number(hopsName(nodes), key);
    if (value !== undefined) points.push([nodes, value]);
  }
  return points;
}

function ofPaper(key: 'hops' | 'stretch'): Series {
  const points = [...PASTRY_BY_NODES].map(([nodes, figures]) => [nodes, figures[key]] as const);
  return { name: 'Pastry (2001)', points, colour: PAPER };
}

function hops(results: Figures): Plot | undefined {
  const points = measured(results, 'meanHops');
  if (points.length === 0) return undefined;
  const bound = [100, 1_000, 10_000, 100_000].map((nodes) => [nodes, Math.log(nodes) / Math.log(16)] as const);
  const svg = linePlot({
    title: 'Mean hops against the number of nodes',
    xName: 'nodes',
    yName: 'hops',
    isLogarithmic: true,
    series: [
      { name: 'Tabring', points, colour: OURS },
      ofPaper('hops'),
      { name: 'log16 N', points: bound, colour: GREY, isDashed: true },
    ],
  });
  return { file: 'hops.svg', alt: 'Mean hops against the number of nodes', svg };
}

function stretch(results: Figures): Plot | undefined {
  const points = measured(results, 'stretch');
  if (points.length === 0) return undefined;
  const series = [{ name: 'Tabring', points, colour: OURS }, ofPaper('stretch')];
  const title = 'Length of routes over direct distance';
  const svg = linePlot({ title, xName: 'nodes', yName: 'stretch', isLogarithmic: true, series });
  return { file: 'stretch.svg', alt: title, svg };
}

function distribution(results: Figures): Plot | undefined {
  const nodes = largestRing(results);
  const histogram = nodes === undefined ? undefined : results.numbers(hopsName(nodes), 'hopHistogram');
  if (nodes === undefined || histogram === undefined) return undefined;
  const sum = histogram.reduce((total, count) => total + count, 0);
  const length = Math.max(histogram.length, PASTRY_DISTRIBUTION.length);
  const groups = Array.from({ length }, (_, index) => String(index));
  const title = 'Share of routes by number of hops';
  const svg = barPlot({
    title,
    yName: 'share',
    groups,
    series: [
      {
        name: `Tabring, ${nodes.toLocaleString('en')} nodes`,
        colour: OURS,
        values: groups.map((_, index) => (histogram[index] ?? 0) / sum),
      },
      { name: 'Pastry (2001), 100,000 nodes', colour: PAPER, values: PASTRY_DISTRIBUTION },
    ],
  });
  return { file: 'distribution.svg', alt: title, svg };
}

function failures(results: Figures): Plot | undefined {
  const name = ['failures-5000', 'failures-500'].find((each) => results.number(each, 'hopsBefore') !== undefined);
  if (name === undefined) return undefined;
  const keys = ['hopsBefore', 'hopsBroken', 'hopsRepaired'];
  const title = 'Mean hops before and after a tenth of the nodes dies';
  const svg = barPlot({
    title,
    yName: 'hops',
    groups: ['before', 'broken', 'repaired'],
    series: [
      {
        name: `Tabring, ${results.number(name, 'nodes')?.toLocaleString('en')} nodes`,
        colour: OURS,
        values: keys.map((key) => results.number(name, key)),
      },
      {
        name: 'Pastry (2001), 5,000 nodes',
        colour: PAPER,
        values: [PASTRY_FAILURES.before, PASTRY_FAILURES.broken, PASTRY_FAILURES.repaired],
      },
    ],
  });
  return { file: 'failures.svg', alt: title, svg };
}

function churn(results: Figures): Plot | undefined {
  const points: [number, number][] = [];
  for (const minutes of SWEPT_SESSIONS) {
    const value = results.number(sweepName(minutes), 'controlMessagesPerNodeSecond');
    if (value !== undefined) points.push([minutes, value]);
  }
  if (points.length === 0) return undefined;
  const title = 'Control traffic against the median session, 300 nodes';
  const svg = linePlot({
    title,
    xName: 'median session, minutes',
    yName: 'messages a second and node',
    isLogarithmic: true,
    series: [
      { name: 'Tabring', points, colour: OURS },
      { name: 'MSPastry, Gnutella’s churn', points: [[60, 0.25]], colour: PAPER },
      { name: 'its bound', points: SWEPT_SESSIONS.map((minutes) => [minutes, 0.5]), colour: THIRD, isDashed: true },
    ],
  });
  return { file: 'churn.svg', alt: title, svg };
}
