// Plots as plain SVG: no library, no script, a transparent ground, and colours that can be read on white and on black.

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly isDashed?: boolean;
}

export interface LinePlot {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly isLogarithmic: boolean;
  readonly series: readonly Series[];
}

export interface BarPlot {
  readonly title: string;
  readonly yName: string;
  /** Names below the groups of bars. */
  readonly groups: readonly string[];
  /** One value for each group; undefined for no bar. */
  readonly series: readonly {
    readonly name: string;
    readonly colour: string;
    readonly values: readonly (number | undefined)[];
  }[];
}

export const OURS = '#3b82f6';
export const PAPER = '#e07b24';
export const THIRD = '#1aa179';
export const GREY = '#8a8a8a';

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 72;
const TICKS = 5;

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

export function linePlot({ title, xName, yName, isLogarithmic, series }: LinePlot): string {
  const points = series.flatMap((each) => each.points);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const x = isLogarithmic ? logarithmic(xs) : linear(xs, LEFT, WIDTH - RIGHT);
  const y = linear(ys, HEIGHT - BOTTOM, TOP);
  const parts = [axes(title, xName, yName, y)];
  for (const tick of x.ticks) parts.push(text(x.at(tick), HEIGHT - BOTTOM + 18, short(tick), 'middle'));
  for (const { points: line, colour, isDashed } of series) {
    const sorted = [...line].sort((a, b) => a[0] - b[0]);
    const path = sorted.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${fixed(x.at(px))} ${fixed(y.at(py))}`);
    const dash = isDashed === true ? ' stroke-dasharray="6 4"' : '';
    parts.push(`<path d="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`);
    if (isDashed === true) continue;
    for (const [px, py] of sorted) {
      parts.push(`<circle cx="${fixed(x.at(px))}" cy="${fixed(y.at(py))}" r="3.5" fill="${colour}"/>`);
    }
  }
  return svg(title, [...parts, legend(series)]);
}

export function barPlot({ title, yName, groups, series }: BarPlot): string {
  const values = series.flatMap((each) => each.values).filter((value) => value !== undefined);
  const y = linear([0, ...values], HEIGHT - BOTTOM, TOP);
  const parts = [axes(title, '', yName, y)];
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, groups.length);
  const width = (step * 0.7) / Math.max(1, series.length);
  groups.forEach((group, index) => {
    const left = LEFT + index * step;
    parts.push(text(left + step / 2, HEIGHT - BOTTOM + 18, group, 'middle'));
    series.forEach(({ colour, values: own }, place) => {
      const value = own[index];
      if (value === undefined) return;
      const top = y.at(value);
      const x = left + step * 0.15 + place * width;
      const height = HEIGHT - BOTTOM - top;
      parts.push(
        `<rect x="${fixed(x)}" y="${fixed(top)}" width="${fixed(width * 0.92)}" height="${fixed(height)}" fill="${colour}"/>`,
      );
      parts.push(text(x + width * 0.46, top - 4, short(value), 'middle', 10));
    });
  });
  return svg(title, [...parts, legend(series)]);
}

function axes(title: string, xName: string, yName: string, y: Scale): string {
  const parts = [text(LEFT, 20, title, 'start', 14), text(12, TOP - 8, yName, 'start')];
  if (xName !== '') parts.push(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 36, xName, 'middle'));
  for (const tick of y.ticks) {
    const at = fixed(y.at(tick));
    parts.push(`<path d="M${LEFT} ${at} H${WIDTH - RIGHT}" stroke="${GREY}" stroke-opacity="0.3"/>`);
    parts.push(text(LEFT - 8, y.at(tick) + 4, short(tick), 'end'));
  }
  return parts.join('\n');
}

function legend(series: readonly { readonly name: string; readonly colour: string }[]): string {
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, series.length);
  return series
    .map(({ name, colour }, index) => {
      const x = LEFT + index * step;
      const box = `<rect x="${fixed(x)}" y="${HEIGHT - 22}" width="10" height="10" fill="${colour}"/>`;
      return `${box}\n${text(x + 15, HEIGHT - 13, name, 'start')}`;
    })
    .join('\n');
}

/** Round numbers around the values. */
function linear(values: readonly number[], from: number, to: number): Scale {
  const lowest = Math.min(...values);
  const highest = Math.max(...values, lowest + 1e-9);
  const rough = (highest - lowest) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const start = Math.floor(lowest / step) * step;
  const end = Math.ceil(highest / step) * step;
  const ticks: number[] = [];
  for (let index = 0; start + index * step <= end + step / 2; index += 1) ticks.push(start + index * step);
  return { ticks, at: (value) => from + ((value - start) / (end - start)) * (to - from) };
}

function logarithmic(values: readonly number[]): Scale {
  const start = Math.floor(Math.log10(Math.min(...values)));
  const end = Math.max(start + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: end - start + 1 }, (_, index) => 10 ** (start + index));
  const width = WIDTH - RIGHT - LEFT;
  return { ticks, at: (value) => LEFT + ((Math.log10(value) - start) / (end - start)) * width };
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', size = 12): string {
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" font-size="${size}">${escaped}</text>`;
}

function svg(title: string, parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"`;
  const label = title.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
  const style = `font-family="system-ui, sans-serif" fill="${GREY}" role="img" aria-label="${label}"`;
  return `${open} ${style}>\n${parts.join('\n')}\n</svg>\n`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function short(value: number): string {
  if (Math.abs(value) >= 1_000) return value.toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
