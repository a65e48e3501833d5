// Draws the icon's shapes as pixels.

import { HALF, RING, TAB, TABS } from './drawing.ts';

/** Samples a pixel in each direction, so that edges are smooth. */
const SAMPLES = 4;
type Colour = readonly [red: number, green: number, blue: number];

export interface PixelOptions {
  /** Pixels, in both directions. */
  readonly size: number;
  /** Of the icon's width, what the drawing takes: systems cut maskable icons to circles of four fifths. */
  readonly share: number;
  /** Behind it, as #rrggbb; undefined: nothing. */
  readonly background: string | undefined;
}

/** RGBA, row by row, not premultiplied. */
export function iconPixels({ size, share, background }: PixelOptions): Uint8Array {
  const behind = background === undefined ? undefined : colourOf(background);
  const unit = (2 * HALF) / share / (size * SAMPLES);
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const hits: Colour[] = [];
      for (let sample = 0; sample < SAMPLES ** 2; sample += 1) {
        const x = column * SAMPLES + (sample % SAMPLES) + 0.5 - (size * SAMPLES) / 2;
        const y = row * SAMPLES + Math.floor(sample / SAMPLES) + 0.5 - (size * SAMPLES) / 2;
        const hit = colourAt(x * unit, y * unit) ?? behind;
        if (hit !== undefined) hits.push(hit);
      }
      const mean = [0, 1, 2].map((part) => hits.reduce((sum, hit) => sum + (hit[part] ?? 0), 0) / (hits.length || 1));
      pixels.set([...mean.map(Math.round), Math.round((255 * hits.length) / SAMPLES ** 2)], 4 * (row * size + column));
    }
  }
  return pixels;
}

/** Undefined where nothing is drawn. */
function colourAt(x: number, y: number): Colour | undefined {
  const tab = TABS.findLast(({ angle }) => isInTab(x, y, angle));
  if (tab !== undefined) return colourOf(tab.colour);
  return Math.abs(Math.hypot(x, y) - RING.radius) <= RING.width / 2 ? colourOf(RING.colour) : undefined;
}

function isInTab(x: number, y: number, degrees: number): boolean {
  const angle = (-degrees * Math.PI) / 180;
  // Turned back to the top, and from the tab's middle.
  const dx = Math.abs(x * Math.cos(angle) - y * Math.sin(angle) - (TAB.x + TAB.width / 2));
  const dy = Math.abs(x * Math.sin(angle) + y * Math.cos(angle) - (TAB.y + TAB.height / 2));
  const [outX, outY] = [dx - TAB.width / 2 + TAB.round, dy - TAB.height / 2 + TAB.round];
  return Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) <= TAB.round && Math.max(outX, outY) <= TAB.round;
}

function colourOf(hex: string): Colour {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
