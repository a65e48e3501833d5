// Connections that the browser has not freed are counted, so that its limit is never met.

import { expect, test } from 'vitest';
import { ConnectionLedger } from '../../src/links/connection-ledger.ts';

/** Chromium throws at the 500th. */
const CHROMIUM_LIMIT = 500;

class FakeBrowser {
  /** That exist: what only a full collection makes fewer. */
  connections = 0;
  readonly #objects: (() => void)[] = [];
  readonly #asked: (() => void)[] = [];
  presses = 0;
  time = 0;

  watch(_: object, freed: () => void): void {
    this.#objects.push(freed);
  }
  press(collected: () => void): void {
    this.presses += 1;
    this.#asked.push(collected);
  }
  now(): number {
    return this.time;
  }

  /** Frees script objects of closed connections, and not the connections. */
  collectSmall(): void {
    for (const freed of this.#objects.splice(0)) freed();
  }

  /** Of which nobody tells who did not ask. */
  collect(): void {
    this.collectSmall();
    this.connections = 0;
    for (const collected of this.#asked.splice(0)) collected();
  }
}

/** Makes a connection and closes it at once, if there is room. */
function makeOne(browser: FakeBrowser, ledger: ConnectionLedger): boolean {
  if (!ledger.hasRoom()) return false;
  browser.connections += 1;
  ledger.made({})();
  return true;
}

test('in days of churn, with a full collection that comes late, the limit is not met', () => {
  const browser = new FakeBrowser();
  const ledger = new ConnectionLedger(browser);
  let made = 0;
  let most = 0;
  let missed = 0;
  for (let second = 0; second < 24 * 60 * 60; second += 1) {
    browser.time += 1_000;
    for (let wish = 0; wish < 3; wish += 1) if (makeOne(browser, ledger)) made += 1;
    most = Math.max(most, browser.connections);
    missed = Math.max(missed, browser.connections - ledger.unfreed);
    if (second % 7 === 0) browser.collectSmall();
    if (second % 200 === 0) browser.collect();
  }
  expect(most).toBeLessThan(CHROMIUM_LIMIT);
  expect(missed).toBe(0);
  expect(made).toBeGreaterThan(150_000);
  expect(browser.presses).toBeGreaterThan(0);
});

test('freed script objects alone make no room, the full collection that was asked for does', () => {
  const browser = new FakeBrowser();
  const ledger = new ConnectionLedger(browser);
  while (makeOne(browser, ledger)) browser.collectSmall();
  expect(browser.connections).toBeGreaterThan(400);
  expect(browser.connections).toBeLessThan(CHROMIUM_LIMIT);
  browser.collectSmall();
  expect(ledger.hasRoom()).toBe(false);
  browser.collect();
  expect(ledger.unfreed).toBe(0);
  expect(makeOne(browser, ledger)).toBe(true);
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
