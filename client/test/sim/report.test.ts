// The report on figures: every row finds its experiment, what was not run says so, and plots are plain SVG.

import { describe, expect, test } from 'vitest';
import {
  EXPERIMENTS,
  hopsName,
  RING_SIZES,
  SMALL_RING_SIZES,
  SWEPT_SESSIONS,
  smallRingNames,
  sweepName,
} from '../../src/sim/report-experiments.ts';
import { CHURN_ROWS } from '../../src/sim/report-papers.ts';
import { drawPlots, largestRing } from '../../src/sim/report-plots.ts';
import type { Figures } from '../../src/sim/report-results.ts';
import { barPlot, linePlot, OURS } from '../../src/sim/report-svg.ts';
import * as tables from '../../src/sim/report-tables.ts';

const NOTHING: Figures = { number: () => undefined, numbers: () => undefined };

/** Everything was run and gave the same. */
const EVERYTHING: Figures = { number: () => 2, numbers: () => [1, 2, 1] };

const ALL_TABLES = [
  tables.hopsTable,
  tables.neighborhoodTable,
  tables.joinTable,
  tables.smallRingsTable,
  tables.failuresTable,
  tables.churnTable,
];

describe('experiments', () => {
  const names = EXPERIMENTS.map(({ name }) => name);

  test('have names of their own, that tables and plots know', () => {
    expect(new Set(names).size).toBe(names.length);
    for (const nodes of RING_SIZES) expect(names).toContain(hopsName(nodes));
    for (const nodes of SMALL_RING_SIZES) expect(names).toEqual(expect.arrayContaining(smallRingNames(nodes, 16, 0)));
    for (const { name } of CHURN_ROWS) expect(names).toContain(name);
    for (const minutes of SWEPT_SESSIONS) expect(names).toContain(sweepName(minutes));
  });

  test('are quick in part, of each kind', () => {
    const quick = EXPERIMENTS.filter(({ isQuick }) => isQuick);
    expect(new Set(quick.map(({ args }) => args[0]))).toEqual(new Set(['hops', 'failures', 'churn']));
    expect(quick.length).toBeLessThan(EXPERIMENTS.length);
  });
});

describe('tables', () => {
  test.each(ALL_TABLES)('%O say "not run" and nothing else of ours without results', (table) => {
    const text = table(NOTHING);
    expect(text).toContain('not run');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  test.each(ALL_TABLES)('%O have rows as long as their heads', (table) => {
    const text = table(EVERYTHING);
    expect(text).not.toMatch(/not run|NaN|undefined/);
    const cells = text.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
    expect(new Set(cells).size).toBe(1);
  });

  test('the distribution is of shares', () => {
    expect(tables.distributionTable(EVERYTHING, 1_000)).toContain('| 0.2500 | 0.5000 | 0.2500 |');
  });
});

describe('plots', () => {
  test('are drawn of what there is', () => {
    expect(drawPlots(NOTHING)).toEqual([]);
    expect(largestRing(NOTHING)).toBeUndefined();
    expect(drawPlots(EVERYTHING).map(({ file }) => file)).toEqual([
      'hops.svg',
      'distribution.svg',
      'stretch.svg',
      'failures.svg',
      'churn.svg',
    ]);
  });

  test('are plain SVG: no script, no style, no number that is none', () => {
    const line = linePlot({
      title: 'a < b & c',
      xName: 'x',
      yName: 'y',
      isLogarithmic: true,
      series: [{ name: 'one point', colour: OURS, points: [[100, 2]] }],
    });
    const bars = barPlot({
      title: '"bars"',
      yName: 'y',
      groups: ['a', 'b'],
      series: [{ name: 's', colour: OURS, values: [1, undefined] }],
    });
    for (const svg of [line, bars, ...drawPlots(EVERYTHING).map((plot) => plot.svg)]) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]*>[\s\S]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|<script|<style|#000|#fff/i);
      expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length);
    }
    expect(line).toContain('a &lt; b &amp; c');
    expect(bars).toContain('aria-label="&quot;bars&quot;"');
  });
});
