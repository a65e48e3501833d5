// A PNG of a page, smaller and with the same pixels: browsers filter the lines for photographs, and the flat areas and the letters of
// a page are shorter without. PNG (Portable Network Graphics), third edition, sections 5 and 9.

import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE_BYTES = 8;
/** Of red, green and blue, eight bits each, as screenshots are. */
const PIXEL_BYTES = 3;

export function smallPng(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const head = chunks.find(({ type }) => type === 'IHDR');
  // Eight bits each of red, green and blue, not interlaced.
  if (head === undefined || head.data.subarray(8).toString('hex') !== '0802000000') return png;
  const filtered = inflateSync(Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))));
  const data = deflateSync(unfiltered(filtered, head.data.readUInt32BE(0) * PIXEL_BYTES), { level: 9 });
  const small = Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    ...[head, { type: 'IDAT', data }, { type: 'IEND', data: Buffer.alloc(0) }].map(written),
  ]);
  return small.length < png.length ? small : png;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function written({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** All lines with filter 0. `lineBytes`: without the filter's byte before them. */
function unfiltered(filtered: Buffer, lineBytes: number): Buffer {
  const plain = Buffer.alloc(filtered.length);
  for (let line = 0; line < filtered.length; line += lineBytes + 1) {
    const filter = filtered[line] ?? 0;
    for (let at = line + 1; at <= line + lineBytes; at += 1) {
      const isFirst = at <= line + PIXEL_BYTES;
      const left = isFirst ? 0 : (plain[at - PIXEL_BYTES] ?? 0);
      const up = plain[at - lineBytes - 1] ?? 0;
      const corner = isFirst ? 0 : (plain[at - lineBytes - 1 - PIXEL_BYTES] ?? 0);
      plain[at] = (filtered[at] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return plain;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter === 0) return 0;
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
