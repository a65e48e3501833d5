// Links over the Discovery node: the contract of every link layer, and what a relay that lies can do to them.

import { describe, expect, test } from 'vitest';
import { encodePiece, randomNonce } from '../../src/links/server-pieces.ts';
import { LINK_SCENARIOS } from '../contracts/link-layer.ts';
import { nodeId } from './pair.ts';
import { type Carried, ServerRing } from './server-pair.ts';

const SEALED = 2;
const CANARY = 'canary';

describe('contract of link layers', () => {
  for (const { title, run } of LINK_SCENARIOS) {
    test(title, async () => {
      const ring = await ServerRing.create();
      const [a, b] = [await ring.node('a'), await ring.node('b')];
      await run({ a: a.probe, b: b.probe, idA: a.id, idB: b.id, idOfNobody: nodeId('c') });
    });
  }
});

async function openPair() {
  const ring = await ServerRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  await a.probe.connect(b.id);
  await Promise.all([a.probe.logged(`up ${b.id}`), b.probe.logged(`up ${a.id}`)]);
  return { ring, a, b };
}

function isSealed({ bytes }: Carried): boolean {
  return bytes[0] === SEALED;
}

test('it says that it runs over the server, and what it has carried', async () => {
  const { a, b } = await openPair();
  await a.probe.send(b.id, 3, 1000);
  await b.probe.received(a.id, 3000);
  const [link] = a.links.links();
  expect(link).toMatchObject({ nodeId: b.id, state: 'open', path: 'server', bytesSent: 3000 });
  expect(a.links.counters.serverLinks).toBe(1);
});

test('what was said is in no piece, in clear', async () => {
  const { ring, a, b } = await openPair();
  a.links.send(b.id, new TextEncoder().encode(CANARY.repeat(10)));
  await b.probe.received(a.id, CANARY.length * 10).catch(() => undefined);
  const all = ring.carried.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join();
  expect(all).not.toContain(CANARY);
  // The search would find it: certificates are in clear.
  expect(all).toContain(a.credentials.encoded);
});

test('no piece is larger than the relay takes, and no more is on its way than its window', async () => {
  const { ring, a, b } = await openPair();
  let away = 0;
  let most = 0;
  const { onPiece } = ring;
  ring.onPiece = (piece) => {
    expect(piece.bytes.length).toBeLessThanOrEqual(16_384);
    if (piece.from === a.id) {
      away += piece.bytes.length + 1024;
      most = Math.max(most, away);
      setImmediate(() => {
        away -= piece.bytes.length + 1024;
      });
    }
    return onPiece(piece);
  };
  await a.probe.send(b.id, 2000, 40);
  await a.probe.send(b.id, 10, 256 * 1024);
  const bytes = 2000 * 40 + 10 * 256 * 1024;
  expect(await b.probe.received(a.id, bytes)).toEqual({ frames: 2010, bytes, intact: true });
  expect(most).toBeGreaterThan(32_768);
  expect(most).toBeLessThanOrEqual(65_536);
  // Small frames that are sent in one go share pieces.
  expect(ring.carried.filter(isSealed).length).toBeLessThan(2 + (bytes / 16_000) * 1.2 + 10);
});

/** What a relay may do to the second frame. */
const LIES: readonly (readonly [string, (piece: Carried, before: readonly Carried[]) => readonly Carried[]])[] = [
  ['changes a bit', (piece) => [{ ...piece, bytes: piece.bytes.with(40, (piece.bytes[40] ?? 0) ^ 1) }]],
  ['doubles', (piece) => [piece, piece]],
  ['replays what came before', (piece, before) => [...before.slice(-1), piece]],
  ['cuts', (piece) => [{ ...piece, bytes: piece.bytes.subarray(0, -1) }]],
  ['sends back to its sender', (piece) => [piece, { ...piece, from: piece.to, to: piece.from }]],
];

describe('a relay that', () => {
  test.each(LIES)('%s: the link ends, and nothing untrue was taken', async (_, lie) => {
    const { ring, a, b } = await openPair();
    await a.probe.send(b.id, 1, 100);
    await b.probe.received(a.id, 100);
    const before = ring.carried.filter((piece) => isSealed(piece) && piece.from === a.id);
    ring.onPiece = (piece) => {
      if (!isSealed(piece) || piece.from !== a.id) return [piece];
      ring.onPiece = (each) => [each];
      return lie(piece, before);
    };
    await a.probe.send(b.id, 2, 100);
    await a.probe.send(b.id, 1, 16_000);
    const isA = _ === 'sends back to its sender';
    // What names no attempt of the receiver's is nothing to it.
    if (isA) expect(await b.probe.received(a.id, 16_300)).toMatchObject({ intact: true });
    else await b.probe.logged(`down ${a.id} lost`);
    const received = await b.probe.received(a.id, 0);
    expect(received.intact).toBe(true);
    expect(received.frames).toBeLessThanOrEqual(4);
  });

  test('drops a piece: the link ends when the next one comes', async () => {
    const { ring, a, b } = await openPair();
    ring.onPiece = (piece) => {
      if (!isSealed(piece)) return [piece];
      ring.onPiece = (each) => [each];
      return [];
    };
    await a.probe.send(b.id, 1, 100);
    await new Promise((resolve) => setImmediate(resolve));
    await a.probe.send(b.id, 1, 100);
    await b.probe.logged(`down ${a.id} lost`);
    expect((await b.probe.received(a.id, 0)).frames).toBe(0);
  });

  test('replays the pieces of an earlier link can make the two ends open another, and says nothing on it', async () => {
    const { ring, a, b } = await openPair();
    await a.probe.send(b.id, 5, 100);
    await b.probe.received(a.id, 500);
    const earlier = ring.carried.filter(({ from }) => from === a.id);
    await a.probe.close(b.id, 'budget');
    await b.probe.logged(`down ${a.id} budget`);
    for (const piece of earlier) await ring.hand(piece);
    await Promise.all([a.probe.logged(`up ${b.id}`, 2), b.probe.logged(`up ${a.id}`, 2)]);
    for (const piece of earlier) await ring.hand(piece);
    await Promise.all([a.probe.logged(`up ${b.id}`, 3), b.probe.logged(`up ${a.id}`, 3)]);
    expect((await b.probe.received(a.id, 0)).frames).toBe(5);
    await a.probe.send(b.id, 1, 100);
    expect(await b.probe.received(a.id, 600)).toMatchObject({ frames: 6, intact: true });
  });

  test('puts a nonce of its own into the opening words cannot open anything', async () => {
    const ring = await ServerRing.create();
    const [a, b] = [await ring.node('a'), await ring.node('b')];
    ring.onPiece = (piece) => {
      if (isSealed(piece)) return [piece];
      const { credentials } = piece.from === a.id ? a : b;
      const certificate = credentials.encoded;
      return [{ ...piece, bytes: encodePiece({ type: 'open', nonce: randomNonce(), certificate }) }];
    };
    await a.probe.connect(b.id);
    await a.probe.logged(`failed ${b.id} ice`);
    expect((await a.probe.failures())[0]?.message).toContain('Over the Discovery node there was no way either.');
    expect(await b.probe.log()).toEqual([]);
  }, 30_000);

  test('names another node as the sender is not believed', async () => {
    const ring = await ServerRing.create();
    const [a, b, c] = [await ring.node('a'), await ring.node('b'), await ring.node('c')];
    // All that c says comes in the name of a, and the other way round.
    ring.onPiece = (piece) => (piece.to === b.id ? [{ ...piece, from: a.id }] : [{ ...piece, to: c.id }]);
    b.below.events?.answerFailed(a.id, { stage: 'ice', noSuchPeer: false, message: '' });
    await c.probe.connect(b.id);
    await c.probe.logged(`failed ${b.id} ice`);
    expect(await b.probe.log()).toEqual([]);
    expect(b.links.counters.serverPiecesRefused).toBeGreaterThan(0);
  }, 30_000);
});

test('a link that only one end wants opens only where both found no path', async () => {
  const ring = await ServerRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  // As a stranger would that says so: the other end has not looked for a path.
  a.below.events?.failed(b.id, { stage: 'ice', noSuchPeer: false, message: 'no path' });
  await a.probe.logged(`failed ${b.id} ice`);
  expect(await b.probe.log()).toEqual([]);
  expect(b.links.links()).toEqual([]);
}, 30_000);

test('who finds out later that there is no path still meets the other one', async () => {
  const ring = await ServerRing.create();
  const [a, b] = [await ring.node('a'), await ring.node('b')];
  const noPath = { stage: 'ice', noSuchPeer: false, message: 'no path' } as const;
  a.below.events?.failed(b.id, noPath);
  await a.probe.logged(`failed ${b.id} ice`);
  b.below.events?.answerFailed(a.id, noPath);
  await Promise.all([a.probe.logged(`up ${b.id}`), b.probe.logged(`up ${a.id}`)]);
}, 30_000);

test('where no path was found lately nobody looks for one again, until the network changes', async () => {
  const { a, b } = await openPair();
  await a.probe.close(b.id, 'budget');
  await b.probe.logged(`down ${a.id} budget`);
  await a.probe.connect(b.id);
  await a.probe.logged(`up ${b.id}`, 2);
  expect(a.below.tries).toBe(1);
  await a.probe.close(b.id, 'budget');
  a.links.check();
  await a.probe.connect(b.id);
  await a.probe.logged(`up ${b.id}`, 3);
  expect(a.below.tries).toBe(2);
});

test('a link of WebRTC’s takes its place', async () => {
  const { a, b } = await openPair();
  a.below.events?.up(b.id, b.credentials.certificate);
  b.below.events?.up(a.id, a.credentials.certificate);
  expect(await a.probe.log()).toEqual([`up ${b.id}`, `down ${b.id} lost`, `up ${b.id}`]);
  expect(a.links.links()).toEqual([]);
  expect(b.links.links()).toEqual([]);
});

test('who is gone from the relay is lost with the next word', async () => {
  const { ring, a, b } = await openPair();
  ring.gone(b.id);
  await a.probe.send(b.id, 1, 10);
  await a.probe.logged(`down ${b.id} lost`);
});

test('a tab that was reloaded takes the place of what it was', async () => {
  const { ring, a, b } = await openPair();
  const again = await ring.node('a', { epoch: 2, keys: a.credentials.keys });
  await again.probe.connect(b.id);
  await again.probe.logged(`up ${b.id}`);
  await b.probe.logged(`up ${a.id}`, 2);
  expect(await b.probe.log()).toEqual([`up ${a.id}`, `down ${a.id} lost`, `up ${a.id}`]);
  await b.probe.send(a.id, 3, 100);
  expect(await again.probe.received(b.id, 300)).toMatchObject({ intact: true });
});

test('junk instead of pieces does no harm', async () => {
  const { ring, a, b } = await openPair();
  for (const bytes of [[], [1], [1, 123], [2, 0], [3, 1, 2], [9, 9, 9]]) {
    await ring.hand({ from: a.id, to: b.id, bytes: Uint8Array.from(bytes) });
  }
  await a.probe.send(b.id, 1, 100);
  expect(await b.probe.received(a.id, 100)).toMatchObject({ intact: true });
  expect(b.links.counters.serverPiecesRefused).toBe(6);
});
