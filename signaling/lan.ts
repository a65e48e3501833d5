// How other machines of the network reach this one: its addresses, and a QR code for those that have a camera.

import { networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';

/** IPv4 addresses at which other machines may reach this one. */
export function lanAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address);
}

/** A QR code as lines of text. */
export function qrLines(text: string): readonly string[] {
  // A light border of two modules, which most readers are content with.
  return renderUnicodeCompact(text, { border: 2 }).split('\n');
}
