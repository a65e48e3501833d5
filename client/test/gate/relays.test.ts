// Relayed messages at the gate: sealed by one for one other, opened once, and never in another's name.

import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import type { Direct, Relay } from '../../src/core/pastry/messages.ts';
import { FALSE_WINDOW_MS, MAX_FALSE } from '../../src/gate/relay-budget.ts';
import { REPLAY_WINDOW } from '../../src/gate/replay-window.ts';
import { nobleSuite } from '../../src/trust/noble-suite.ts';
import { handle, id } from '../peer/ids.ts';
import { Authority, type CertifiedOptions } from '../trust/authority.ts';
import { GatedNode } from './gated-node.ts';

let authority: Authority;
let sender: GatedNode;
let carrier: GatedNode;
let receiver: GatedNode;
let other: GatedNode;
beforeAll(async () => {
  authority = await Authority.create();
});

async function node(name: string, options: CertifiedOptions = {}): Promise<GatedNode> {
  return new GatedNode(await authority.credentials(id(name), { device: `device-${name}`, ...options }));
}

/** They have had each other's signals, and no link opened. */
function introduce(...nodes: readonly GatedNode[]): void {
  for (const { gate } of nodes) for (const { speaker } of nodes) gate.certified(speaker.certificate);
}

beforeEach(async () => {
  [sender, carrier, receiver, other] = await Promise.all([node('1'), node('4'), node('7'), node('9')]);
  introduce(sender, receiver);
});

const ping = (nonce: number, name = '1'): Direct => ({ type: 'ping', nonce, self: handle(name) });

async function sealed(nonce = 1, from = sender, to = receiver): Promise<Relay> {
  const message = await from.sendsRelayed(carrier.nodeId, to.nodeId, ping(nonce, from.nodeId.slice(0, 1)));
  if (message.type !== 'relay') throw new Error('not sealed');
  return message;
}

/** As the carrier hands it on. */
const handedOn = (relay: Relay, from = sender): Relay => ({ ...relay, direction: 'from', peer: from.nodeId });

const refusedAs = (what: string): Readonly<Record<string, number>> => ({ [`relayed messages refused: ${what}`]: 1 });

describe('a relayed message', () => {
  test('R59: is opened by the one that it is for, and is its sender’s word', async () => {
    const relay = await sealed();
    expect(relay).toMatchObject({ direction: 'to', peer: receiver.nodeId });
    expect((await carrier.hears(sender, relay))?.message).toEqual(relay);
    const admitted = await receiver.hears(carrier, handedOn(relay));
    expect(admitted).toEqual({ type: 'relayed', from: sender.nodeId, carrier: carrier.nodeId, message: ping(1) });
    expect([receiver.counted, receiver.misdeeds]).toEqual([{}, []]);
  });

  test('R59: shows a carrier nothing but who and how much', async () => {
    const { sealed: seal } = await sealed(424_242);
    expect(atob(seal.text.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('424242');
  });

  test('R59: cannot be opened by another', async () => {
    introduce(sender, other);
    await other.hears(carrier, handedOn(await sealed()));
    expect(other.heard).toEqual([]);
    expect(other.counted).toEqual(refusedAs('not sealed by its sender'));
  });

  test('R59: cannot be sent back as if the other had said it', async () => {
    const relay = await sealed();
    await sender.hears(carrier, handedOn(relay, receiver));
    const swapped = { ...relay.sealed, certificate: receiver.scheme.encoded };
    await sender.hears(carrier, { ...handedOn(relay, receiver), sealed: swapped });
    expect(sender.heard).toEqual([]);
    expect(sender.misdeeds).toEqual([{ peer: carrier.nodeId, what: 'relay: in the name of another node' }]);
    expect(sender.counted).toEqual(refusedAs('not sealed by its sender'));
  });

  test('R59: counts once, in whatever order such messages come', async () => {
    const relays = [await sealed(1), await sealed(2), await sealed(3)];
    for (const index of [2, 0, 1, 0, 1, 2]) {
      const relay = relays[index];
      if (relay !== undefined) await receiver.hears(carrier, handedOn(relay));
    }
    expect(receiver.heard.map(({ message }) => message)).toEqual([ping(3), ping(1), ping(2)]);
    expect(receiver.counted).toEqual({ 'relayed messages refused: taken before': 3 });
  });

  test('R59: counts once, though it come twice at the same time by two carriers', async () => {
    const relay = handedOn(await sealed());
    await Promise.all([receiver.hears(carrier, relay), receiver.hears(other, relay)]);
    expect(receiver.heard).toHaveLength(1);
    expect(receiver.counted).toEqual(refusedAs('taken before'));
  });

  test('R59: that comes too late to tell whether it was taken is not taken', async () => {
    const first = await sealed(0);
    let last = first;
    for (let count = 0; count < REPLAY_WINDOW; count += 1) last = await sealed(count);
    await receiver.hears(carrier, handedOn(last));
    await receiver.hears(carrier, handedOn(first));
    expect(receiver.heard).toHaveLength(1);
    expect(receiver.counted).toEqual(refusedAs('taken before'));
  });

  test('R59: that was changed on the way, or numbered anew, is not taken', async () => {
    const { sealed: seal, ...relay } = handedOn(await sealed());
    const end = seal.text.endsWith('A') ? 'Q' : 'A';
    await receiver.hears(carrier, { ...relay, sealed: { ...seal, text: `${seal.text.slice(0, -1)}${end}` } });
    await receiver.hears(carrier, { ...relay, sealed: { ...seal, number: seal.number + 1 } });
    expect(receiver.heard).toEqual([]);
  });

  test('R59: of a node that the ring never certified is the carrier’s invention', async () => {
    const ring = await Authority.create();
    const invented = new GatedNode(await ring.credentials(id('6')));
    introduce(invented, receiver);
    // As far as the keys go, it could be opened.
    await receiver.hears(carrier, handedOn(await sealed(1, invented), invented));
    expect(receiver.heard).toEqual([]);
    expect(receiver.misdeeds).toEqual([{ peer: carrier.nodeId, what: 'relay: a certificate that is foreign' }]);
  });

  test('R59: that the carrier sealed itself is no other node’s', async () => {
    introduce(carrier, receiver);
    await receiver.hears(carrier, handedOn(await sealed(1, carrier), sender));
    expect(receiver.heard).toEqual([]);
    expect(receiver.misdeeds).toEqual([{ peer: carrier.nodeId, what: 'relay: in the name of another node' }]);
  });

  test('R59: is not carried in the name of another', async () => {
    introduce(other, receiver);
    await carrier.hears(sender, await sealed(1, other));
    expect(carrier.heard).toEqual([]);
    expect(carrier.misdeeds).toEqual([{ peer: sender.nodeId, what: 'relay: sealed in the name of another node' }]);
  });

  test('R59: of a life that is over is not taken, once the next is known', async () => {
    const relay = handedOn(await sealed());
    receiver.gate.certified((await node('1', { epoch: 2 })).speaker.certificate);
    await receiver.hears(carrier, relay);
    expect(receiver.heard).toEqual([]);
    expect(receiver.counted).toEqual(refusedAs('of a former life'));
  });

  test('R59: for a former life of this node’s cannot be opened by the next', async () => {
    const keys = await nobleSuite.create('raw');
    const [former, next] = [await node('6', { keys }), await node('6', { keys, epoch: 2 })];
    introduce(sender, former);
    const relay = handedOn(await sealed(1, sender, former));
    await next.hears(carrier, relay);
    expect(next.heard).toEqual([]);
    expect(await former.hears(carrier, relay)).toBeDefined();
  });

  test('R59: of a client is not taken', async () => {
    const client = await node('6', { role: 'client' });
    introduce(client, receiver);
    await receiver.hears(carrier, handedOn(await sealed(1, client), client));
    expect(receiver.misdeeds).toEqual([{ peer: carrier.nodeId, what: 'relay: of a client' }]);
  });

  test('R59: does not leave while the far end’s certificate is unknown, and is counted', () => {
    sender.gate.sendRelayed(carrier.nodeId, other.nodeId, ping(1), () => {
      throw new Error('it left');
    });
    expect(sender.counted).toEqual({ 'relayed messages dropped: the far end’s certificate is unknown': 1 });
  });

  test('R59: is as good when one end has noble’s keys and the other the browser’s', async () => {
    const keys = await nobleSuite.create('raw');
    const noble = await node('1', { keys });
    introduce(noble, receiver);
    await receiver.hears(carrier, handedOn(await sealed(5, noble)));
    expect(receiver.heard).toHaveLength(1);
  });

  test('R62: whose words its sender’s certificate denies is not taken', async () => {
    for (const self of [handle('2'), { ...handle('1'), epoch: 2 }, { ...handle('1'), device: 'another' }]) {
      const message: Message = await sender.sendsRelayed(carrier.nodeId, receiver.nodeId, {
        type: 'ping',
        nonce: 1,
        self,
      });
      if (message.type === 'relay') await receiver.hears(carrier, handedOn(message));
    }
    expect(receiver.heard).toEqual([]);
    expect([...receiver.counts.values()]).toEqual([1, 1, 1]);
  });

  test('R61: that is an answer is proved by its seal', async () => {
    const route = [sender.nodeId, receiver.nodeId];
    const payload = { kind: 'found', route } as const;
    await sender.sends(receiver.nodeId, {
      ...{ type: 'routed', id: 'ab'.repeat(16), key: id('7'), token: 1, route: [sender.nodeId] },
      payload: { kind: 'lookup' },
    });
    const asked = { key: id('7'), payload: { kind: 'lookup' } } as const;
    const reply = { type: 'reply', id: 'ab'.repeat(16), token: 1, back: [sender.nodeId], payload, asked } as const;
    const relay = await receiver.sendsRelayed(carrier.nodeId, sender.nodeId, { ...reply, proof: undefined });
    if (relay.type !== 'relay') throw new Error('not sealed');
    const admitted = await sender.hears(carrier, handedOn(relay, receiver));
    expect(admitted).toMatchObject({ from: receiver.nodeId, message: { proof: { by: receiver.nodeId } } });
  });
});

describe('a flood', () => {
  test('R64: of seals that nobody made is opened a few times only, and others are heard meanwhile', async () => {
    const { sealed: seal, ...relay } = handedOn(await sealed());
    introduce(other, receiver);
    const good = await sealed(7, other);
    for (let number = 1; number <= 500; number += 1) {
      await receiver.hears(carrier, { ...relay, sealed: { ...seal, number: number + 1_000 } });
    }
    expect(receiver.counted).toEqual({
      'relayed messages refused: not sealed by its sender': MAX_FALSE,
      'relayed messages dropped: too many before were false': 500 - MAX_FALSE,
    });
    expect(await receiver.hears(carrier, handedOn(good, other))).toBeDefined();
    expect(receiver.misdeeds).toEqual([]);
    receiver.now += FALSE_WINDOW_MS;
    expect(await receiver.hears(carrier, { ...relay, sealed: seal })).toBeDefined();
  });
});
