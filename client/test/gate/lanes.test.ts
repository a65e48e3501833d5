// Order where proofs take their time: nothing overtakes what came before it on the same link, and other links do not wait.

import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import { Lanes, MAX_WAITING } from '../../src/gate/lanes.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import { handle, id } from '../peer/ids.ts';
import { answer, GatedNode, question } from './gated-node.ts';

const [a, b] = [id('a'), id('b')];

/** A promise that a test settles when it likes. */
function later<T>(): { readonly promise: Promise<T>; readonly settle: (value: T) => void } {
  let settle: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

function lanes(): { readonly lanes: Lanes; readonly log: string[]; readonly note: (text: string) => void } {
  const log: string[] = [];
  return { lanes: new Lanes((reason) => log.push(`failed: ${reason}`)), log, note: (text) => log.push(text) };
}

describe('a lane', () => {
  test('R63: in which nothing waits is no lane: all happens at once', () => {
    const { lanes: both, log, note } = lanes();
    both.message(a, 'one', note);
    both.step(a, () => note('two'));
    expect(log).toEqual(['one', 'two']);
  });

  test('R63: keeps what came later behind what still waits, and other lanes go on', async () => {
    const { lanes: both, log, note } = lanes();
    const [first, third] = [later<string>(), later<string>()];
    both.message(a, first.promise, note);
    both.message(a, '2', note);
    both.message(a, third.promise, note);
    both.step(a, () => note('4'));
    both.message(b, 'other', note);
    third.settle('3');
    await settled();
    expect(log).toEqual(['other']);
    first.settle('1');
    await settled();
    expect(log).toEqual(['other', '1', '2', '3', '4']);
    both.message(a, '5', note);
    expect(log.at(-1)).toBe('5');
  });

  test('R63: goes on behind what could not be computed', async () => {
    const { lanes: both, log, note } = lanes();
    both.message(a, Promise.reject(new Error('no')), note);
    both.message(a, '2', note);
    await settled();
    expect(log).toEqual(['failed: Error: no', '2']);
  });

  test('R63: is bounded in messages; what must happen happens all the same', async () => {
    const { lanes: both, log, note } = lanes();
    const first = later<string>();
    both.message(a, first.promise, note);
    for (let index = 1; index < MAX_WAITING; index += 1) {
      expect(both.hasRoom(a)).toBe(true);
      both.message(a, String(index), note);
    }
    expect([both.hasRoom(a), both.hasRoom(b)]).toEqual([false, true]);
    both.step(a, () => note('end'));
    first.settle('first');
    await settled();
    expect(log).toHaveLength(MAX_WAITING + 1);
    expect(log.at(-1)).toBe('end');
  });

  test('R63: can be rid of its messages, and keeps its steps', async () => {
    const { lanes: both, log, note } = lanes();
    const first = later<string>();
    both.message(a, first.promise, note);
    both.message(a, '2', note);
    both.step(a, () => note('down'));
    both.dropMessages(a);
    expect(log).toEqual(['down']);
    first.settle('1');
    await settled();
    expect(log).toEqual(['down']);
  });

  test('R63: may grow by what happens in it, behind all else', async () => {
    const { lanes: both, log, note } = lanes();
    const first = later<string>();
    both.message(a, first.promise, (text) => {
      note(text);
      both.message(a, '3', note);
    });
    both.message(a, '2', note);
    first.settle('1');
    await settled();
    expect(log).toEqual(['1', '2', '3']);
  });

  test('R63: that is finished sends what is ready, at once and in order', () => {
    const { lanes: both, log, note } = lanes();
    both.message(a, later<string>().promise, note);
    both.message(a, '2', note);
    both.message(a, later<string>().promise, note);
    both.step(a, () => note('4'));
    both.finish();
    expect(log).toEqual(['2', '4']);
  });
});

/** A node whose signatures, and checks of others', are made when the test says so. */
class SlowNode extends GatedNode {
  readonly #waiting: (() => void)[];

  constructor(name: string, authority: CheapAuthority) {
    const scheme = authority.scheme({ role: 'node', nodeId: id(name), epoch: 1, device: `device-${name}` });
    const waiting: (() => void)[] = [];
    const slow = <T>(value: T | Promise<T>): Promise<T> => new Promise((resolve) => waiting.push(() => resolve(value)));
    const slowScheme: Scheme = {
      ...scheme,
      sign: (kind, parts) => slow(scheme.sign(kind, parts)),
      verify: (certificate, signature, kind, parts) => slow(scheme.verify(certificate, signature, kind, parts)),
    };
    super(slowScheme);
    this.#waiting = waiting;
  }

  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** The latest is done first: as bad as it can be. */
  async work(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#waiting.pop()?.();
      await settled();
    }
  }
}

describe('a gate that is slow', () => {
  const authority = new CheapAuthority(new Rng(7));
  const ping = (nonce: number, name: string): Message => ({ type: 'ping', nonce, self: handle(name) });

  function described(message: Message): string {
    return message.type === 'ping'
      ? `ping ${message.nonce}`
      : `${message.type} ${'id' in message ? message.id[0] : ''}`;
  }

  test('R63: sends in the order in which the core spoke, signed and unsigned', async () => {
    const [origin, hop, root] = ['1', '4', '7'].map((name) => new SlowNode(name, authority));
    if (origin === undefined || hop === undefined || root === undefined) throw new Error('three nodes were made');
    const log: string[] = [];
    const say = (message: Message): void => root.gate.send(hop.nodeId, message, (sent) => log.push(described(sent)));
    const asked = (name: string) => ({ ...question(origin), id: name.repeat(32) });
    say(ping(1, '7'));
    say(answer([origin, hop, root], asked('c')));
    say(ping(2, '7'));
    say(answer([origin, hop, root], asked('d')));
    say(ping(3, '7'));
    expect(log).toEqual(['ping 1']);
    root.gate.send(origin.nodeId, ping(4, '7'), (sent) => log.push(described(sent)));
    expect(log).toEqual(['ping 1', 'ping 4']);
    await root.work();
    expect(log).toEqual(['ping 1', 'ping 4', 'reply c', 'ping 2', 'reply d', 'ping 3']);
  });

  test('R63: lets in what came over one link in the order in which it came', async () => {
    const [origin, hop, root] = ['1', '4', '7'].map((name) => new SlowNode(name, authority));
    if (origin === undefined || hop === undefined || root === undefined) throw new Error('three nodes were made');
    const replies: Message[] = [];
    for (const name of ['c', 'd']) {
      const asked = { ...question(origin), id: name.repeat(32) };
      origin.gate.send(hop.nodeId, asked, () => undefined);
      root.gate.send(hop.nodeId, answer([origin, hop, root], asked), (sent) => replies.push(sent));
    }
    await root.work();
    const log: string[] = [];
    const come = (message: Message): void =>
      origin.gate.receive(hop.speaker, message, ({ message: known }) => log.push(described(known)));
    for (const [index, reply] of replies.entries()) {
      if (reply.type === 'reply') come({ ...reply, back: [origin.nodeId] });
      come(ping(index, '4'));
    }
    origin.gate.afterReceived(hop.nodeId, () => log.push('down'));
    expect([log, origin.isBusy]).toEqual([[], true]);
    await origin.work();
    expect(log).toEqual(['reply c', 'ping 0', 'reply d', 'ping 1', 'down']);
  });

  test('R63: counts what comes while too much waits', async () => {
    const [origin, hop, root] = ['1', '4', '7'].map((name) => new SlowNode(name, authority));
    if (origin === undefined || hop === undefined || root === undefined) throw new Error('three nodes were made');
    origin.gate.send(hop.nodeId, question(origin), () => undefined);
    let reply: Message | undefined;
    root.gate.send(hop.nodeId, answer([origin, hop, root], question(origin)), (sent) => {
      reply = sent;
    });
    await root.work();
    if (reply?.type !== 'reply') throw new Error('no answer');
    origin.gate.receive(hop.speaker, { ...reply, back: [origin.nodeId] }, () => undefined);
    for (let nonce = 0; nonce < MAX_WAITING + 9; nonce += 1) {
      origin.gate.receive(hop.speaker, ping(nonce, '4'), () => undefined);
    }
    expect(origin.counted).toEqual({ 'messages dropped: too many wait to be proved': 10 });
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
