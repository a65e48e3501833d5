// Nothing is told of a channel before it is known who is at its other end.

import { expect, test } from 'vitest';
import { MAX_QUEUED_BYTES } from '../../src/links/limits.ts';
import { OpeningGate } from '../../src/links/opening-gate.ts';

function gate() {
  const log: string[] = [];
  const events = {
    open: (fingerprint: string | undefined) => void log.push(`open ${fingerprint}`),
    message: (message: Uint8Array | string) => void log.push(`message ${message.length}`),
  };
  let tell: (fingerprint: string | undefined) => void = () => undefined;
  const fingerprint = new Promise<string | undefined>((resolve) => {
    tell = resolve;
  });
  return { log, tell, fingerprint, gate: new OpeningGate(events, () => log.push('overrun')) };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('what came meanwhile follows, in order', async () => {
  const { log, tell, fingerprint, gate: g } = gate();
  expect(g.isShut).toBe(true);
  g.open(fingerprint);
  expect(g.isShut).toBe(false);
  g.message('1');
  g.message(new Uint8Array(2));
  await soon();
  expect(log).toEqual([]);
  tell('ab');
  await soon();
  g.message('333');
  expect(log).toEqual(['open ab', 'message 1', 'message 2', 'message 3']);
});

test('nothing follows a close, however late the fingerprint is', async () => {
  const { log, tell, fingerprint, gate: g } = gate();
  g.open(fingerprint);
  g.message('1');
  g.close();
  tell('ab');
  await soon();
  g.message('2');
  expect(log).toEqual([]);
});

test('holds no more than a link may', async () => {
  const { log, tell, fingerprint, gate: g } = gate();
  g.open(fingerprint);
  g.message(new Uint8Array(MAX_QUEUED_BYTES));
  expect(log).toEqual([]);
  g.message(new Uint8Array(1));
  expect(log).toEqual(['overrun']);
  tell('ab');
  await soon();
  expect(log).toEqual(['overrun']);
});
