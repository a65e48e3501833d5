// How long a signal may wait here before it counts.

import { beforeAll, expect, test } from 'vitest';
import { ArrivingSignals } from '../../src/links/arriving-signals.ts';
import { CONNECT_TIMEOUT_MS } from '../../src/links/limits.ts';
import { encodeSignal, type Signal } from '../../src/links/signal.ts';
import { SignalProofs } from '../../src/links/signal-proofs.ts';
import type { Credentials } from '../../src/trust/credentials.ts';
import { Authority } from '../trust/authority.ts';
import { cheapSuite } from '../trust/cheap-suite.ts';
import { nodeId } from './pair.ts';

const [idA, idB] = [nodeId('a'), nodeId('b')];
const CALL: Signal = { type: 'call', attempt: '0123456789abcdef' };
const ABANDON: Signal = { type: 'abandon', attempt: '0123456789abcdef', reason: 'closed' };

let [a, b]: Credentials[] = [];
beforeAll(async () => {
  const authority = await Authority.create(cheapSuite);
  a = await authority.credentials(idA);
  b = await authority.credentials(idB);
});

/** What b does with a signal of a's whose check took so long. */
async function heardAfter(signal: Signal, waitedMs: number): Promise<readonly string[]> {
  if (a === undefined || b === undefined) throw new Error('no credentials');
  const sender = new SignalProofs(a, () => 0);
  let now = 0;
  const told: string[] = [];
  const proofs = new SignalProofs(b, () => now);
  const check = proofs.check.bind(proofs);
  proofs.check = async (envelope) => {
    const checked = await check(envelope);
    now += waitedMs;
    return checked;
  };
  const done = new Promise<void>((resolve) => {
    const tell = (what: string): void => {
      told.push(what);
      resolve();
    };
    const arriving = new ArrivingSignals({
      ...{ self: idB, proofs, now: () => now, count: tell },
      proved: (_, { type }) => tell(type),
      doubted: () => tell('doubted'),
    });
    void sender.sign(idB, encodeSignal(signal)).then((text) => arriving.arrived(idA, text, 'ring'));
  });
  await done;
  return told;
}

test('nobody works on a wish for a link whose sender has given it up by now', async () => {
  expect(await heardAfter(CALL, CONNECT_TIMEOUT_MS - 1)).toEqual(['call']);
  expect(await heardAfter(CALL, CONNECT_TIMEOUT_MS)).toEqual(['signalsTooLate']);
  expect(await heardAfter(ABANDON, CONNECT_TIMEOUT_MS)).toEqual(['abandon']);
});
