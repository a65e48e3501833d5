// What the browser's tab shows of this one: its title, and an icon.

import type { Place } from './address.ts';
import { titleOf } from './place-text.ts';
import { percent } from './words/amounts.ts';

/** waiting: not in the ring (yet), or alone. unsafe: closing it would lose something. */
export type WindowState = 'waiting' | 'in' | 'unsafe' | 'out';

export interface Progress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

const COLOURS: Readonly<Record<WindowState, { readonly ring: string; readonly self: string }>> = {
  waiting: { ring: '#7b868f', self: '#e8890c' },
  in: { ring: '#0b7285', self: '#d9480f' },
  unsafe: { ring: '#0b7285', self: '#d01f1f' },
  out: { ring: '#7b868f', self: '#7b868f' },
};
const RADIUS = 10;
/** A favicon is a few pixels wide: more steps nobody sees, and each is a new picture for the browser. */
const STEPS = 16;

/** 41% – Tabring Share; `progress`: of what is under way. */
export function windowTitle(place: Place, nodeId: string | undefined, progress: Progress | undefined): string {
  const title = titleOf(place, nodeId);
  return progress === undefined ? title : `${percent(progress.doneBytes, progress.totalBytes)} – ${title}`;
}

/** The logo as the address of an SVG: the ring of tabs, in which this one tells how it is; or, while files move, how far they are. */
export function windowIcon(state: WindowState, progress: Progress | undefined): string {
  const { ring, self } = COLOURS[state];
  const tab = (angle: number): string =>
    `<rect x='-4' y='-14' width='8' height='7' rx='2' fill='${angle === 0 ? self : ring}' transform='rotate(${angle})'/>`;
  const tabs = [60, 120, 180, 240, 300, 0].map(tab).join('');
  const drawn = progress === undefined ? `${circle(ring, 2)}${tabs}` : `${circle(ring, 3, 0.3)}${arc(self, progress)}`;
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='-16 -16 32 32'>${drawn}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function circle(colour: string, width: number, opacity = 1): string {
  return `<circle r='${RADIUS}' fill='none' stroke='${colour}' stroke-width='${width}' opacity='${opacity}'/>`;
}

function arc(colour: string, { doneBytes, totalBytes }: Progress): string {
  const steps = totalBytes <= 0 ? 0 : Math.floor((doneBytes / totalBytes) * STEPS);
  return `<circle r='${RADIUS}' fill='none' stroke='${colour}' stroke-width='6' pathLength='${STEPS}' stroke-dasharray='${steps} ${STEPS}' transform='rotate(-90)'/>`;
}
