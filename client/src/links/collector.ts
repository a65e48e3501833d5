// Makes the browser's garbage collector run in full, as far as a page can: it asks for memory, and leaves behind an object that
// no small collection frees, to see whether it worked. All that is made here is used for something, or the build leaves it out.

/** Memory that is asked for and not touched: 256 MiB made Chromium collect in full within 3 s. */
const PRESSURE_BYTES = 32 * 1024 * 1024;
const PRESSURE_PIECES = 8;
/** Short-lived arrays, some 128 MB in all: a few times what makes a small collection, of which two make an object old. */
const GARBAGE_PIECES = 3_200;
const GARBAGE_ITEMS = 10_000;
/** What the same collection frees is told of in no order: all within this time, milliseconds. */
const TOLD_WITHIN_MS = 100;

const registry = new FinalizationRegistry((collected: () => void) => setTimeout(collected, TOLD_WITHIN_MS));

/** Held here while it grows old. */
let witness: object | undefined;

/** Calls `collected` after the next full collection. */
export function pressCollector(collected: () => void): void {
  witness = { collected };
  registry.register(witness, collected);
  let made = 0;
  for (let piece = 0; piece < GARBAGE_PIECES; piece += 1) made += new Array<number>(GARBAGE_ITEMS).fill(piece).length;
  if (made > 0) witness = undefined;
  try {
    for (let piece = 0; piece < PRESSURE_PIECES; piece += 1) made += new ArrayBuffer(PRESSURE_BYTES).byteLength;
  } catch {
    made = 0; // No such memory: then the collector has been asked even more urgently.
  }
  // Never so, which only this knows.
  if (made < 0) throw new RangeError(`${made} bytes were made`);
}
