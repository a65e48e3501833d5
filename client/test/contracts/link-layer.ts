// What every LinkLayer must do (peer/ports.ts), as scenarios between two ends. They know nothing of a test runner:
// unit tests run them over a fake WebRTC, e2e runs them between two pages of a real browser.

import type { NodeId } from '../../src/core/pastry/id.ts';
import type { LinkProbe } from './link-probe.ts';

/** A LinkProbe, here or in a browser's page. */
export type LinkEnd = Omit<Pick<LinkProbe, keyof LinkProbe>, 'carry' | 'mayAnswer' | 'isJoining' | 'answerFailed'>;

export interface LinkPair {
  readonly a: LinkEnd;
  readonly b: LinkEnd;
  readonly idA: NodeId;
  /** The higher id. */
  readonly idB: NodeId;
  /** An id that nobody has. */
  readonly idOfNobody: NodeId;
}

export interface LinkScenario {
  readonly title: string;
  run(pair: LinkPair): Promise<void>;
}

const MEGABYTE = 1_000_000;

export const LINK_SCENARIOS: readonly LinkScenario[] = [
  {
    title: 'opens a link, told to both ends',
    run: async (pair) => {
      await opened(pair);
      expectEqual(await pair.a.links(), [{ nodeId: pair.idB, state: 'open' }], 'links of a');
      expectEqual(await pair.b.links(), [{ nodeId: pair.idA, state: 'open' }], 'links of b');
    },
  },
  {
    title: 'does nothing when a link is wanted that is opening or open',
    run: async (pair) => {
      await pair.a.connect(pair.idB);
      await opened(pair);
      await pair.a.connect(pair.idB);
      await pair.b.connect(pair.idA);
      await exchange(pair);
      expectEqual(await pair.a.log(), [`up ${pair.idB}`], 'log of a');
      expectEqual(await pair.b.log(), [`up ${pair.idA}`], 'log of b');
    },
  },
  {
    title: 'carries frames both ways, in order and unharmed, whatever their size',
    run: async (pair) => {
      const { a, b, idA, idB } = pair;
      await opened(pair);
      for (const end of [
        { from: a, to: b, fromId: idA, toId: idB },
        { from: b, to: a, fromId: idB, toId: idA },
      ]) {
        await end.from.send(end.toId, 500, 40);
        await end.from.send(end.toId, 5, 256 * 1024);
        const expected = 500 * 40 + 5 * 256 * 1024;
        const received = await end.to.received(end.fromId, expected);
        expectEqual(received, { frames: 505, bytes: expected, intact: true }, 'received');
      }
    },
  },
  {
    title: 'carries 25 MB, and buffers little if the sender waits for the drain',
    run: async (pair) => {
      await opened(pair);
      const { peakBytes } = await pair.a.sendPaced(pair.idB, 25 * MEGABYTE, 64 * 1024);
      const received = await pair.b.received(pair.idA, 25 * MEGABYTE);
      expectEqual(received, { frames: 382, bytes: 25 * MEGABYTE, intact: true }, 'received');
      expectTrue(peakBytes <= 192 * 1024, `${peakBytes} bytes were buffered`);
    },
  },
  ...(['goodbye', 'budget', 'misbehaved'] as const).map((reason) => ({
    title: `tells the other end why it closes: ${reason}`,
    run: async (pair: LinkPair) => {
      await opened(pair);
      await pair.a.close(pair.idB, reason);
      await pair.b.logged(`down ${pair.idA} ${reason}`);
      expectEqual(await pair.a.links(), [], 'links of a');
      expectEqual(await pair.b.links(), [], 'links of b');
      expectEqual(await pair.a.log(), [`up ${pair.idB}`], 'log of a, which is not told of its own close');
    },
  })),
  {
    title: 'delivers what was sent before a goodbye',
    run: async (pair) => {
      await opened(pair);
      await pair.a.send(pair.idB, 16, 64 * 1024);
      await pair.a.close(pair.idB, 'goodbye');
      await pair.b.logged(`down ${pair.idA} goodbye`);
      const received = await pair.b.received(pair.idA, 0);
      expectEqual(received, { frames: 16, bytes: 16 * 64 * 1024, intact: true }, 'received');
    },
  },
  {
    title: 'opens again after a close',
    run: async (pair) => {
      await opened(pair);
      await pair.a.close(pair.idB, 'budget');
      await pair.b.logged(`down ${pair.idA} budget`);
      await pair.b.connect(pair.idA);
      await Promise.all([pair.a.logged(`up ${pair.idB}`, 2), pair.b.logged(`up ${pair.idA}`, 2)]);
      await exchange(pair);
    },
  },
  {
    title: 'says so if nobody has the id',
    run: async ({ a, idOfNobody }) => {
      await a.connect(idOfNobody);
      await a.logged(`failed ${idOfNobody} signalling`);
      const [failure] = await a.failures();
      expectTrue(failure?.noSuchPeer === true, 'noSuchPeer');
      expectEqual(await a.links(), [], 'links of a');
    },
  },
  {
    title: 'makes one link when both ends want it at once',
    run: async (pair) => {
      await Promise.all([pair.a.connect(pair.idB), pair.b.connect(pair.idA)]);
      await Promise.all([pair.a.logged(`up ${pair.idB}`), pair.b.logged(`up ${pair.idA}`)]);
      await exchange(pair);
      expectEqual(await pair.a.log(), [`up ${pair.idB}`], 'log of a');
      expectEqual(await pair.b.log(), [`up ${pair.idA}`], 'log of b');
    },
  },
  {
    title: 'gives an opening link up without a word here, and opens another one later',
    run: async (pair) => {
      await pair.a.connectAndClose(pair.idB, 'budget');
      expectEqual(await pair.a.links(), [], 'links of a');
      expectEqual(await pair.a.log(), [], 'log of a');
      await opened(pair);
      await exchange(pair);
    },
  },
  {
    title: 'closes everything at once',
    run: async (pair) => {
      await opened(pair);
      await pair.a.closeAll();
      expectEqual(await pair.a.links(), [], 'links of a');
      // The goodbye may or may not have left before the channel was cut.
      await Promise.race([pair.b.logged(`down ${pair.idA} goodbye`), pair.b.logged(`down ${pair.idA} lost`)]);
      expectEqual(await pair.a.log(), [`up ${pair.idB}`], 'log of a');
    },
  },
];

export async function opened({ a, b, idA, idB }: LinkPair): Promise<void> {
  await a.connect(idB);
  await Promise.all([a.logged(`up ${idB}`), b.logged(`up ${idA}`)]);
}

/** Both directions work. */
export async function exchange({ a, b, idA, idB }: LinkPair): Promise<void> {
  await Promise.all([a.send(idB, 3, 1000), b.send(idA, 3, 1000)]);
  expectTrue((await a.received(idB, 3000)).intact, 'a received what b sent');
  expectTrue((await b.received(idA, 3000)).intact, 'b received what a sent');
}

export function expectTrue(condition: boolean, what: string): void {
  if (!condition) throw new Error(`not so: ${what}`);
}

export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: is ${is}, should be ${should}`);
}
