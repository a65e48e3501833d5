// Answers at the gate: signed by who gives them, over what was asked, and checked where they end.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import type { Reply } from '../../src/core/pastry/messages.ts';
import type { Proof } from '../../src/core/proof.ts';
import type { Role } from '../../src/trust/certificate.ts';
import { id } from '../peer/ids.ts';
import { Authority } from '../trust/authority.ts';
import { answer, GatedNode, QUESTION_ID, question } from './gated-node.ts';

const authority = await Authority.create();
const foreign = await Authority.create();

async function node(name: string, role: Role = 'node', ring = authority): Promise<GatedNode> {
  return new GatedNode(await ring.credentials(id(name), { role }));
}

const [origin, hop, root] = [await node('1'), await node('4'), await node('7')];
const [client, stranger] = [await node('8', 'client'), await node('9', 'node', foreign)];
const block = { key: id('77'), digest: 'ab'.repeat(32), size: 1 };

function replyOf(message: Message | undefined): Reply {
  if (message?.type !== 'reply') throw new Error('no answer');
  return message;
}

/** The origin asks through `hop`, and `by` answers as the root. Returns the answer as it leaves. */
async function answered(by = root, asked = question(origin)): Promise<Reply> {
  await origin.sends(hop.nodeId, question(origin));
  return replyOf(await by.sends(hop.nodeId, answer([origin, hop, by], asked)));
}

/** What the origin's core hears of an answer that the hop hands on, and what was counted for it. */
async function home(reply: Reply): Promise<{ readonly by: Proof | undefined; readonly refused: readonly string[] }> {
  origin.counts.clear();
  const admitted = await origin.hears(hop, { ...reply, back: [origin.nodeId] });
  const by = admitted === undefined ? undefined : replyOf(admitted.message).proof;
  return { by, refused: [...origin.counts.keys()] };
}

describe('an answer', () => {
  test('R61: is signed by who gives it, passes others as it is, and is let in where it ends', async () => {
    const reply = await answered();
    expect(reply.proof).toMatchObject({ by: root.nodeId, device: root.scheme.certificate.device });
    expect(reply.asked).toBeUndefined();
    expect((await hop.hears(root, reply))?.message).toEqual(reply);
    expect(await hop.sends(origin.nodeId, reply)).toEqual(reply);
    expect(await home(reply)).toEqual({ by: reply.proof, refused: [] });
  });

  test('R61: that goes straight to who asked is proved by its link, and needs no signature', async () => {
    await origin.sends(root.nodeId, question(origin));
    const sent = replyOf(await root.sends(origin.nodeId, answer([origin, root], question(origin))));
    expect(sent.proof).toBeUndefined();
    const admitted = await origin.hears(root, sent);
    expect(replyOf(admitted?.message).proof).toMatchObject({ by: root.nodeId, signature: '' });
  });

  test('R61: without a signature is of the node whose link brings it, whatever it says', async () => {
    const reply = await answered();
    expect(await home({ ...reply, proof: undefined })).toMatchObject({ by: { by: hop.nodeId } });
  });

  test('R61: without a signature goes no further than its author’s own link', async () => {
    const reply = await answered();
    await hop.hears(root, { ...reply, proof: undefined });
    expect(hop.counted).toEqual({ 'answers refused: not signed, and not at its end': 1 });
    hop.counts.clear();
  });

  const wrong = 'answers refused: a signature that is wrong';
  test.each<readonly [string, (reply: Reply) => Reply]>([
    ['with another route', (reply) => ({ ...reply, payload: { kind: 'found', route: [origin.nodeId, root.nodeId] } })],
    ['of another kind', (reply) => ({ ...reply, payload: { kind: 'holders', holders: [], route: [] } })],
    ['signed by another', (reply) => ({ ...reply, proof: proofWith(reply, { certificate: hop.scheme.encoded }) })],
    ['with a made-up signature', (reply) => ({ ...reply, proof: proofWith(reply, { signature: 'A'.repeat(86) }) })],
  ])('R61: %s is refused', async (_, change) => {
    expect(await home(change(await answered()))).toEqual({ by: undefined, refused: [wrong] });
  });

  test('R61: of a foreign ring’s node is refused', async () => {
    const { refused } = await home(await answered(stranger));
    expect(refused).toEqual(['answers refused: a certificate that is foreign']);
  });

  test('R61: of a client is refused', async () => {
    expect(await home(await answered(client))).toMatchObject({ refused: ['answers refused: signed by a client'] });
  });

  test('R61: of one whose certificate’s time is over is refused', async () => {
    const reply = await answered();
    authority.now += 2 * 86_400;
    expect(await home(reply)).toMatchObject({ refused: ['answers refused: a certificate that is expired'] });
    authority.now -= 2 * 86_400;
  });

  test('R61: to another question is refused, though the answer be the same', async () => {
    const reply = await answered();
    const other = { ...question(origin), id: 'cd'.repeat(16) };
    await origin.sends(hop.nodeId, other);
    expect(await home({ ...reply, id: other.id })).toMatchObject({ refused: [wrong] });
  });

  test('R61: to a question that was changed on the way is refused: another key, another block, another kind', async () => {
    for (const changed of [{ key: id('88') }, { payload: { kind: 'locate', block } }] as const) {
      const reply = await answered(root, { ...question(origin), ...changed });
      expect(await home(reply)).toMatchObject({ by: undefined, refused: [wrong] });
    }
  });

  test('R61: about another block than was asked for is refused', async () => {
    const asked = question(origin, { kind: 'locate', block });
    await origin.sends(hop.nodeId, asked);
    const about = { ...asked, payload: { kind: 'locate', block: { ...block, digest: 'cd'.repeat(32) } } } as const;
    const reply = replyOf(await root.sends(hop.nodeId, answer([origin, hop, root], about)));
    expect(await home(reply)).toMatchObject({ by: undefined, refused: [wrong] });
    const right = replyOf(await root.sends(hop.nodeId, answer([origin, hop, root], asked)));
    expect(await home(right)).toMatchObject({ refused: [] });
  });

  test('R61: to what was never asked is refused before anything is computed', async () => {
    const reply = await answered();
    for (const name of ['ef'.repeat(16), `${QUESTION_ID.slice(0, -1)}0`]) {
      expect(await home({ ...reply, id: name })).toMatchObject({
        refused: ['answers refused: this node asked nothing under its id'],
      });
    }
  });

  test('R61: that is not this node’s own does not leave without its author’s signature', () => {
    let hasLeft = false;
    const { asked, ...foreignReply } = answer([origin, hop, root], question(origin));
    hop.gate.send(origin.nodeId, foreignReply, () => {
      hasLeft = true;
    });
    expect(asked).toBeDefined();
    expect(hasLeft).toBe(false);
    expect(hop.counted).toEqual({ 'answers refused: not this node’s own, and not signed': 1 });
    hop.counts.clear();
  });
});

function proofWith({ proof }: Reply, change: Partial<Proof>): Proof {
  if (proof === undefined) throw new Error('not signed');
  return { ...proof, ...change };
}
