import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReceivedBytes } from '../../src/peer/received-bytes.ts';
import { sha256Of, someBytes } from './transfer-node.ts';

const MIB = 1024 * 1024;

test('a stated size costs no memory: it grows with what has come', () => {
  const received = new ReceivedBytes(4 * MIB);
  expect(received.capacity).toBe(0);
  const chunk = new Uint8Array(64 * 1024);
  for (let offset = 0; offset < 4 * MIB; offset += chunk.length) {
    expect(received.take(offset, chunk)).toBe(true);
    expect(received.capacity).toBeLessThanOrEqual(Math.max(128 * 1024, 8 * (offset + chunk.length)));
  }
  expect(received.isWhole).toBe(true);
  expect(received.capacity).toBe(4 * MIB);
});

test('it comes whole in whatever pieces, and takes none out of place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300_000 }),
      fc.array(fc.integer({ min: 1, max: 65_536 }), { maxLength: 10 }),
      (size, pieces) => {
        const bytes = someBytes(size, 1);
        const received = new ReceivedBytes(size);
        let offset = 0;
        for (const piece of [...pieces, ...Array.from({ length: 5 }, () => 65_536)]) {
          const payload = bytes.subarray(offset, offset + piece);
          if (payload.length === 0) break;
          expect(received.take(offset + 1, payload)).toBe(false);
          expect(received.take(offset, payload)).toBe(true);
          offset += payload.length;
        }
        expect(received.isWhole).toBe(offset === size);
        expect(received.take(offset, new Uint8Array(size - offset + 1))).toBe(false);
        if (offset === size) expect(sha256Of(received.bytes)).toBe(sha256Of(bytes));
      },
    ),
    { numRuns: 50 },
  );
});
