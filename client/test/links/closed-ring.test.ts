// A closed ring as a node's client meets it: asked for a secret, told that it was wrong, and wary of who opens to any.

import { expect, test, vi } from 'vitest';
import type { Hello, Registration } from '../../../signaling/protocol.ts';
import { connectToDiscovery, type SignalingClientEvents } from '../../src/links/signaling-client.ts';
import { MemorySettings } from '../../src/stores/memory-settings.ts';
import { RingEntries } from '../../src/stores/ring-entries.ts';
import { entryAnswer, entryKeysOf, newTerms, verifierOf } from '../../src/trust/ring-entry.ts';
import { entryStatement } from '../../src/trust/statement.ts';
import { refusalOf, ScriptedRing } from './scripted-ring.ts';
import { VirtualDiscovery } from './virtual-discovery.ts';

const TERMS = newTerms();
const events: SignalingClientEvents = {
  registered: () => undefined,
  away: () => undefined,
  refused: () => undefined,
  renewed: () => undefined,
  expired: () => undefined,
  removed: () => undefined,
  displaced: () => undefined,
  notKept: (error) => {
    throw error;
  },
};

/** A ring whose secret is `secret`, if it checks at all. */
async function closedRing(secret: string, checks = true): Promise<{ ring: ScriptedRing; discovery: VirtualDiscovery }> {
  const ring = await ScriptedRing.create();
  const verifier = verifierOf(await entryKeysOf(secret, TERMS));
  const { hello, register } = { hello: ring.hello.bind(ring), register: ring.register.bind(ring) };
  ring.hello = (): Hello => ({ ...hello(), entry: TERMS });
  ring.register = async (received): Promise<Registration | object> => {
    const answer = await register(received);
    if (!checks) return answer;
    const { signKey, entry = '' } = ring.requests.at(-1) ?? {};
    const proven = entryAnswer(verifier, entryStatement(ring.ringKey, hello().challenge, signKey ?? ''), entry);
    return proven === undefined ? refusalOf('entry-wrong', 'That is not the password.') : { ...answer, entry: proven };
  };
  return { ring, discovery: new VirtualDiscovery(ring) };
}

async function connect(
  { ring, discovery }: Awaited<ReturnType<typeof closedRing>>,
  settings: MemorySettings,
  secrets: readonly string[],
) {
  const left = [...secrets];
  const problems: (string | undefined)[] = [];
  const entry = new RingEntries(settings, 'http://ring.test', async (problem) => {
    problems.push(problem);
    return left.shift();
  });
  const keys = await ring.suite.create('raw');
  const gaveUp = new AbortController();
  const client = connectToDiscovery({
    ...{ url: 'http://ring.test', role: 'node', suite: ring.suite, comesBack: true, events, entry },
    signal: gaveUp.signal,
    identify: async () => ({
      ...{ keys, device: 'laptop', wantedId: undefined, certificate: undefined },
      certified: async () => undefined,
    }),
    openWire: discovery.openWire,
  });
  return { client, problems, gaveUp };
}

test('a wrong secret is asked for again, with what was said of it; a right one is kept as keys, and not asked for again', async () => {
  const ring = await closedRing('open, Sesame');
  const settings = new MemorySettings();
  const first = await connect(ring, settings, ['open, barley', 'open, Sesame']);
  (await first.client).leave();
  expect(first.problems).toEqual([undefined, 'That is not the password.']);
  await vi.waitUntil(async () => (await settings.get('ring-entries')) !== undefined);
  expect(JSON.stringify(await settings.get('ring-entries'))).not.toContain('Sesame');
  const again = await connect(ring, settings, []);
  (await again.client).leave();
  expect(again.problems).toEqual([]);
});

test('without a secret the node does not get in, and says so', async () => {
  const { client } = await connect(await closedRing('open, Sesame'), new MemorySettings(), []);
  await expect(client).rejects.toMatchObject({
    code: 'ring-closed',
    message: expect.stringContaining('Ask who runs it'),
  });
});

test('kept keys of a secret that was changed are forgotten', async () => {
  const settings = new MemorySettings();
  (await (await connect(await closedRing('open, Sesame'), settings, ['open, Sesame'])).client).leave();
  await vi.waitUntil(async () => (await settings.get('ring-entries')) !== undefined);
  const { client, problems } = await connect(await closedRing('another'), settings, []);
  await expect(client).rejects.toMatchObject({ code: 'ring-closed', message: 'That is not the password.' });
  expect(problems).toEqual(['That is not the password.']);
  expect(await settings.get('ring-entries')).toEqual([]);
});

test('who opens to any secret is not believed', async () => {
  const ring = await closedRing('open, Sesame', false);
  const settings = new MemorySettings();
  const { client, gaveUp } = await connect(ring, settings, ['open, Sesame']);
  await vi.waitUntil(() => ring.ring.requests.length > 1, { timeout: 30_000 });
  gaveUp.abort();
  await expect(client).rejects.toMatchObject({ code: 'discovery-unreachable' });
  expect(await settings.get('ring-entries')).toBeUndefined();
});
