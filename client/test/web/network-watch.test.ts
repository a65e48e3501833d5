// Changes of the machine's network, as browsers tell of them.

import { expect, it } from 'vitest';
import { watchNetwork } from '../../src/web/network-watch.ts';

class FakeConnection extends EventTarget {
  type = 'wifi';
}

function setUp(connection?: FakeConnection) {
  const page = new EventTarget();
  const seen = { changes: 0 };
  watchNetwork({ page, connection }, () => {
    seen.changes += 1;
  });
  return { page, seen };
}

it('the network is back, in a browser that tells no more than that', () => {
  const { page, seen } = setUp();
  page.dispatchEvent(new Event('offline'));
  expect(seen.changes).toBe(0);
  page.dispatchEvent(new Event('online'));
  expect(seen.changes).toBe(1);
});

it('the network is another one, and not just thought to be slower', () => {
  const connection = new FakeConnection();
  const { seen } = setUp(connection);
  connection.dispatchEvent(new Event('change'));
  expect(seen.changes).toBe(0);
  connection.type = 'cellular';
  connection.dispatchEvent(new Event('change'));
  connection.dispatchEvent(new Event('change'));
  expect(seen.changes).toBe(1);
});
