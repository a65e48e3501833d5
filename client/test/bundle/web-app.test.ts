// The app's icons as pixels: a PNG that others can read, with what is drawn where it belongs.

import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { iconSvg } from '../../bundle/icon/drawing.ts';
import { iconPixels } from '../../bundle/icon/pixels.ts';
import { pngOf } from '../../bundle/icon/png.ts';

const SELF = [0xd9, 0x48, 0x0f, 255];
const RING = [0x0b, 0x72, 0x85, 255];
const NOTHING = [0, 0, 0, 0];
const BACKGROUND = [0xf3, 0xf6, 0xf7, 255];

/** At a place of the drawing, of which the icon shows a share. */
function at(pixels: Uint8Array, size: number, x: number, y: number, share = 1): number[] {
  const place = (value: number): number => Math.floor((value * share * size) / 32 + size / 2);
  return [...pixels.subarray(4 * (place(y) * size + place(x)), 4 * (place(y) * size + place(x)) + 4)];
}

test('this tab is at the top, the others round the ring, and nothing in the middle', () => {
  const pixels = iconPixels({ size: 64, share: 1, background: undefined });
  expect(at(pixels, 64, 0, -10.5)).toEqual(SELF);
  expect(at(pixels, 64, 0, 10.5)).toEqual(RING);
  expect(at(pixels, 64, 10, 0)).toEqual(RING);
  expect(at(pixels, 64, 0, 0)).toEqual(NOTHING);
  expect(at(pixels, 64, -15, -15)).toEqual(NOTHING);
  // A corner of the tab is round.
  expect(at(pixels, 64, -3.9, -13.9)[3]).toBeLessThan(255);
});

test('on a background it is smaller, and nowhere transparent', () => {
  const pixels = iconPixels({ size: 64, share: 0.5, background: '#f3f6f7' });
  expect(at(pixels, 64, 0, -10.5, 0.5)).toEqual(SELF);
  expect(at(pixels, 64, 0, -15)).toEqual(BACKGROUND);
  expect(pixels.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true);
});

test('a PNG holds just these pixels, and its sums are right', () => {
  const pixels = iconPixels({ size: 32, share: 1, background: undefined });
  const png = pngOf(pixels, 32);
  const parts = new Map<string, Buffer>();
  for (let place = 8; place < png.length; ) {
    const length = png.readUInt32BE(place);
    const named = png.subarray(place + 4, place + 8 + length);
    expect(png.readUInt32BE(place + 8 + length)).toBe(crc32(named));
    parts.set(named.toString('latin1', 0, 4), named.subarray(4));
    place += 12 + length;
  }
  expect([...parts.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
  expect([...(parts.get('IHDR') ?? [])]).toEqual([0, 0, 0, 32, 0, 0, 0, 32, 8, 6, 0, 0, 0]);
  const rows = inflateSync(parts.get('IDAT') ?? Buffer.alloc(0));
  const unfiltered = Array.from({ length: 32 }, (_, row) => [...rows.subarray(row * 129 + 1, (row + 1) * 129)]);
  expect(unfiltered.flat()).toEqual([...pixels]);
});

test('as SVG it has the ring and six tabs', () => {
  expect(iconSvg().match(/<(circle|rect) /g)).toEqual(['<circle ', ...Array(6).fill('<rect ')]);
});
