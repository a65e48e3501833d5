// Connections that the browser has not freed are counted, so that its limit is never met.

import { expect, test } from 'vitest';
import { ConnectionLedger } from '../../src/links/connection-ledger.ts';

/** Chromium throws at the 500th. */
const CHROMIUM_LIMIT = 500;

class FakeBrowser {
  readonly unfreed: (() => void)[] = [];
  presses = 0;
  time = 0;

  watch(_: object, freed: () => void): void {
    this.unfreed.push(freed);
  }
  press(): void {
    this.presses += 1;
  }
  now(): number {
    return this.time;
  }

  collect(): void {
    for (const freed of this.unfreed.splice(0)) freed();
  }
}

test('in days of churn, with a collector that comes late, the limit is not met', () => {
  const browser = new FakeBrowser();
  const ledger = new ConnectionLedger(browser);
  let made = 0;
  for (let second = 0; second < 24 * 60 * 60; second += 1) {
    browser.time += 1_000;
    for (let wish = 0; wish < 3; wish += 1) {
      if (!ledger.hasRoom()) continue;
      ledger.made({})();
      made += 1;
    }
    expect(browser.unfreed.length).toBeLessThan(CHROMIUM_LIMIT);
    expect(ledger.unfreed).toBe(browser.unfreed.length);
    if (second % 200 === 0) browser.collect();
  }
  expect(made).toBeGreaterThan(150_000);
  expect(browser.presses).toBeGreaterThan(0);
});

test('the collector is asked when many closed ones are kept, not when many are open, and not all the time', () => {
  const browser = new FakeBrowser();
  const ledger = new ConnectionLedger(browser);
  const closes = Array.from({ length: 200 }, () => ledger.made({}));
  ledger.hasRoom();
  expect(browser.presses).toBe(0);
  for (const close of closes) close();
  browser.time = 20_000;
  ledger.hasRoom();
  ledger.hasRoom();
  expect(browser.presses).toBe(1);
  browser.time = 40_000;
  ledger.hasRoom();
  expect(browser.presses).toBe(2);
});
