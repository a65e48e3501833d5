// A profile notices when another ring answers at an address that it knows.

import { expect, test } from 'vitest';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { RingKeyChanged, RingPins } from '../../src/stores/ring-pins.ts';

const SERVER = 'http://localhost:8080';
const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((digit) => digit.repeat(43)) as [string, string, string];

test('the key of the first visit is the key from then on, of each address for itself', async () => {
  const settings = new MemorySettings();
  const pins = new RingPins(settings, SERVER);
  await pins.check(FIRST, undefined);
  await pins.check(SECOND, undefined); // nothing has been proved yet
  await pins.pin(FIRST);
  await pins.check(FIRST, undefined);
  await expect(pins.check(SECOND, undefined)).rejects.toBeInstanceOf(RingKeyChanged);
  await new RingPins(settings, 'http://elsewhere:8080').check(SECOND, undefined);
});

test('another key is told, with both keys in short, and refused until the user accepts it', async () => {
  const pins = new RingPins(new MemorySettings(), SERVER);
  await pins.pin(FIRST);
  await expect(pins.check(SECOND, undefined)).rejects.toMatchObject({
    code: 'ring-key-changed',
    ringKey: SECOND,
    message:
      'The Discovery node at http://localhost:8080 proves itself with another key than at the first visit (then 111111111111…, now 222222222222…): it was set up anew, or something else answers in its place. Accept the new key only if you know why it changed.',
  });
  // What was accepted is the key that was shown, and no other.
  await expect(pins.check(THIRD, SECOND)).rejects.toMatchObject({ ringKey: THIRD });
  await pins.check(SECOND, SECOND);
  await pins.check(THIRD, 'any');
  await pins.pin(SECOND);
  await pins.check(SECOND, undefined);
  await expect(pins.check(FIRST, undefined)).rejects.toBeInstanceOf(RingKeyChanged);
});

test('a profile remembers a bounded number of addresses, the latest', async () => {
  const settings = new MemorySettings();
  for (let port = 1; port <= 100; port += 1) await new RingPins(settings, `http://host:${port}`).pin(FIRST);
  await new RingPins(settings, 'http://host:1').check(SECOND, undefined);
  await expect(new RingPins(settings, 'http://host:100').check(SECOND, undefined)).rejects.toThrow('another key');
});

test('what is no list of keys counts as none', async () => {
  const settings = new MemorySettings();
  await settings.set('ring-keys', { server: SERVER });
  await new RingPins(settings, SERVER).check(FIRST, undefined);
});
