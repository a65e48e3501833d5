// The driver: one input at a time, links opened and closed for the core, and peers that misbehave shut out.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/core/messages.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import type { Scheme } from '../../src/gate/scheme.ts';
import { Counters } from '../../src/peer/counters.ts';
import { Driver } from '../../src/peer/driver.ts';
import {
  FREEZE_MS,
  LATE_TIMER_MS,
  MAX_FRAMES,
  MAX_MISDEEDS,
  MAX_PENDING_FRAMES,
  MISDEED_WINDOW_MS,
  REMEMBERED_LATE_MS,
} from '../../src/peer/limits.ts';
import type { LinkCloseReason, LinkEvents, LinkInfo, LinkLayer } from '../../src/peer/ports.ts';
import type { ShellOutput } from '../../src/peer/shell.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Rng } from '../../src/sim/rng.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';
import { MAX_SIGNAL_CHARACTERS } from '../../src/wire/limits.ts';
import { DIGITS, handle, id } from './ids.ts';
import { ScriptedMachine } from './scripted-machine.ts';
import { VirtualTime } from './virtual-time.ts';

const codec = createFrameCodec({ digits: DIGITS, segmentBytes: 1024 });
const a = id('a');
const b = id('b');
const authority = new CheapAuthority(new Rng(1));
const garbage = new Uint8Array([1, 1, 0]);

/** Writes down what the driver wants of its links, and lets the test play the network. */
class RecordedLinks implements LinkLayer {
  readonly log: string[] = [];
  open: NodeId[] = [];
  readonly counters = {};
  events: LinkEvents = {
    up: () => undefined,
    down: () => undefined,
    failed: () => undefined,
    answerFailed: () => undefined,
    certified: () => undefined,
    frame: () => undefined,
    garbage: () => undefined,
    drained: () => undefined,
    carry: () => false,
    mayAnswer: () => true,
    isJoining: () => false,
    openingMs: () => 15_000,
  };
  onSend: () => void = () => undefined;

  listen(events: LinkEvents): void {
    this.events = events;
  }
  introduce(): void {
    return;
  }
  connect(peer: string): void {
    this.log.push(`connect ${peer[0]}`);
  }
  send(peer: string, bytes: Uint8Array): void {
    const frame = codec.decode(bytes);
    const message = frame.kind === 'message' ? frame.message : undefined;
    this.log.push(`send ${peer[0]} ${message?.type === 'pong' ? message.nonce : frame.kind}`);
    this.onSend();
  }
  bufferedBytes(): number {
    return 0;
  }
  close(peer: string, reason: LinkCloseReason): void {
    this.open = this.open.filter((other) => other !== peer);
    this.log.push(`close ${peer[0]} ${reason}`);
  }
  closeAll(): void {
    this.log.push('close all');
  }
  check(): void {
    this.log.push('check');
  }
  links(): readonly LinkInfo[] {
    return this.open.map((nodeId) => ({ nodeId, state: 'open' }));
  }
  get linkCount(): number {
    return this.open.length;
  }
  signalled(peer: string, data: string): void {
    this.log.push(`signalled ${peer[0]} ${data}`);
  }
}

function schemeOf(name: string): Scheme {
  return authority.scheme({ role: 'node', nodeId: id(name), epoch: 1, device: `device-${name}` });
}

/** A link opens, and its far end has proved itself. */
function up(peer: NodeId): void {
  links.events.up(peer, schemeOf(peer.slice(0, 1)).certificate);
}

function pong(nonce: number, by = 'a'): Message {
  return { type: 'pong', nonce, self: handle(by) };
}

let time: VirtualTime;
let links: RecordedLinks;
let machine: ScriptedMachine;
let counters: Counters;
let outputs: ShellOutput[];
let driver: Driver;
let failures: string[];
let transferring: Set<string>;
let pinned: Set<string>;
let relayed: Set<string>;
let misdeeds: string[];

beforeEach(() => {
  time = new VirtualTime();
  links = new RecordedLinks();
  machine = new ScriptedMachine();
  counters = new Counters();
  outputs = [];
  failures = [];
  transferring = new Set();
  pinned = new Set();
  relayed = new Set();
  misdeeds = [];
  driver = new Driver({
    machine,
    clock: time.clock(),
    links,
    params: { linkBudget: 6, leafSetSize: 2 },
    codec,
    credentials: schemeOf('c'),
    counters,
    shell: {
      output: (output) => outputs.push(output),
      control: () => undefined,
      chunk: () => undefined,
      drained: () => undefined,
      linkChanged: () => undefined,
      linkFailed: (_, { stage }) => failures.push(stage),
      isTransferring: (peer) => transferring.has(peer),
      isRelayed: (peer) => relayed.has(peer),
      isJoining: () => false,
      entries: () => () => false,
      carriersOf: () => [],
      pins: () => (peer) => pinned.has(peer),
      misbehaved: (peer, what) => misdeeds.push(`${peer.slice(0, 1)}: ${what}`),
      bringing: () => undefined,
    },
  });
});

/** Makes the core say something at the next input, which is a wake. */
function say(...said: ReturnType<ScriptedMachine['answer']>): void {
  machine.answer = (input) => (input.type === 'wake' ? said : []);
  driver.dispatch({ type: 'wake' });
}

describe('a clock that jumped, as under a closed lid', () => {
  it('makes the driver ask all links, before the core hears of anything', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    up(a);
    links.log.length = 0;
    machine.answer = () => {
      machine.wakeAt = time.now + 5_000;
      return [{ type: 'connect', peer: b }];
    };
    time.now = 5_000 + FREEZE_MS + 1;
    links.events.frame(a, codec.encodeMessage(pong(2)));
    expect(links.log.slice(0, 2)).toEqual(['check', 'connect b']);
    expect(counters.snapshot([])).toMatchObject({ 'wakes after standing still': 1 });
    driver.dispatch({ type: 'wake' });
    expect(links.log.filter((line) => line === 'check')).toHaveLength(1);
  });

  it('is noticed once, however many frames come before the alarm', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    up(a);
    time.now = 5_000 + FREEZE_MS + 1;
    for (let nonce = 1; nonce <= 20; nonce += 1) links.events.frame(a, codec.encodeMessage(pong(nonce)));
    expect(counters.snapshot([])).toMatchObject({ 'wakes after standing still': 1 });
    expect(links.log.filter((line) => line === 'check')).toHaveLength(1);
  });

  it('is not noticed again if what is due then was due long before', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    const due = [6_000, 7_000, undefined];
    machine.answer = () => {
      machine.wakeAt = due.shift();
      return [];
    };
    time.now = 7_000 + FREEZE_MS + 1;
    await time.pass(10);
    expect(due).toEqual([]);
    expect(links.log).toEqual(['check']);
  });

  it('is not an alarm that waits behind frames without end', () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    up(a);
    for (let nonce = 1; nonce <= 5; nonce += 1) {
      time.now += FREEZE_MS;
      links.events.frame(a, codec.encodeMessage(pong(nonce)));
    }
    expect(links.log).toEqual([]);
  });

  it('is also noticed by the alarm alone', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    machine.answer = () => {
      machine.wakeAt = undefined;
      return [];
    };
    time.now = 5_000 + FREEZE_MS + 1;
    await time.pass(1);
    expect(links.log).toEqual(['check']);
  });

  it('is not seen in a throttled tab, whose alarms are a little late', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    time.now = 5_000 + FREEZE_MS;
    driver.dispatch({ type: 'wake' });
    expect(links.log).toEqual([]);
  });
});

describe('a change of network', () => {
  it('makes the driver ask all links, and dial what had failed, at once', () => {
    say({ type: 'connect', peer: a });
    links.events.failed(a, { stage: 'ice', noSuchPeer: false, message: '' });
    say({ type: 'connect', peer: a });
    expect(links.log).toEqual(['connect a']);
    driver.networkChanged();
    expect(links.log).toEqual(['connect a', 'check', 'connect a']);
  });

  it('is nothing to a driver that has stopped', () => {
    driver.stop();
    driver.networkChanged();
    expect(links.log).toEqual([]);
  });
});

describe('inputs and outputs', () => {
  it('are handled one at a time, whatever an output sets off', () => {
    up(a);
    links.onSend = () => driver.dispatch({ type: 'sponsor', sponsor: undefined });
    machine.answer = ({ type }) =>
      type === 'wake' ? [{ type: 'send', to: a, message: pong(1) }, { type: 'ask-sponsor' }] : [];
    driver.dispatch({ type: 'wake' });
    expect(machine.inputs.map(({ type }) => type)).toEqual(['link-up', 'wake', 'sponsor']);
    expect(outputs).toEqual([{ type: 'ask-sponsor' }]);
  });

  it('goes on after an input that made the core throw', () => {
    machine.answer = ({ type }) => {
      if (type === 'wake') throw new Error('a bug');
      return [];
    };
    expect(() => driver.dispatch({ type: 'wake' })).toThrow('a bug');
    driver.dispatch({ type: 'leave', urgent: true });
    expect(machine.heard('leave')).toHaveLength(1);
  });

  it('end with stop', async () => {
    machine.wakeAt = 10;
    driver.after('deadline', 5, () => links.log.push('too late'));
    driver.stop();
    driver.dispatch({ type: 'wake' });
    up(a);
    await time.pass(100);
    expect(machine.inputs).toEqual([]);
    expect(links.log).toEqual([]);
  });
});

describe('the alarm', () => {
  it('wakes the core when it wants to be woken, and not before', async () => {
    machine.wakeAt = 100;
    machine.answer = () => {
      machine.wakeAt = undefined;
      return [];
    };
    driver.after('nothing', 1, () => undefined);
    await time.pass(99);
    expect(machine.inputs).toEqual([]);
    await time.pass(1);
    expect(machine.inputs).toEqual([{ type: 'wake' }]);
    await time.pass(1000);
    expect(machine.inputs).toHaveLength(1);
  });

  it('serves own deadlines and the core’s alike', async () => {
    const fired: string[] = [];
    machine.wakeAt = 20;
    machine.answer = () => {
      machine.wakeAt = undefined;
      fired.push(`core ${time.now}`);
      return [];
    };
    driver.after('early', 10, () => fired.push(`early ${time.now}`));
    driver.after('late', 30, () => fired.push(`late ${time.now}`));
    driver.after('cancelled', 15, () => fired.push('cancelled'));
    driver.cancel('cancelled');
    await time.pass(100);
    expect(fired).toEqual(['early 10', 'core 20', 'late 30']);
  });
});

describe('messages to a peer without a link', () => {
  it('open one, wait for it and go out in order, before what the core says next', () => {
    say({ type: 'send', to: a, message: pong(1) }, { type: 'send', to: a, message: pong(2) });
    expect(links.log).toEqual(['connect a']);
    machine.answer = ({ type }) => (type === 'link-up' ? [{ type: 'send', to: a, message: pong(3) }] : []);
    up(a);
    expect(links.log.slice(1)).toEqual(['send a 1', 'send a 2', 'send a 3']);
  });

  it('are bounded: the oldest are dropped and counted', () => {
    for (let nonce = 0; nonce < MAX_PENDING_FRAMES + 2; nonce += 1) say({ type: 'send', to: a, message: pong(nonce) });
    up(a);
    const sent = links.log.filter((line) => line.startsWith('send'));
    expect(sent).toHaveLength(MAX_PENDING_FRAMES);
    expect(sent[0]).toBe('send a 2');
    expect(counters.snapshot([])).toEqual({ 'frames dropped: too many wait for a link': 2 });
  });

  it('are bounded in bytes too', () => {
    const payload = { kind: 'signal', data: 'x'.repeat(MAX_SIGNAL_CHARACTERS) } as const;
    const long: Message = { type: 'routed', id: `${a}.1`, key: a, token: 1, route: [], payload };
    for (let count = 0; count < 20; count += 1) say({ type: 'send', to: a, message: long });
    up(a);
    expect(links.log.filter((line) => line.startsWith('send'))).toHaveLength(15);
  });

  it('are dropped and counted if the link does not open', () => {
    say({ type: 'send', to: a, message: pong(1) });
    links.events.failed(a, { stage: 'ice', noSuchPeer: false, message: 'no path' });
    up(a);
    expect(links.log).toEqual(['connect a']);
    expect(counters.snapshot([])).toEqual({ 'frames dropped: no link': 1, 'links failed: ice': 1 });
  });

  it('wait on when only an attempt of the other side fails, which is told', () => {
    say({ type: 'send', to: a, message: pong(1) });
    links.events.answerFailed(a, { stage: 'ice', noSuchPeer: false, message: 'no path' });
    expect(failures).toEqual(['ice']);
    up(a);
    expect(links.log).toEqual(['connect a', 'send a 1']);
    expect(counters.snapshot([])).toEqual({});
  });

  it('are not sent at all if the other side would refuse them', () => {
    up(a);
    const members = Array.from({ length: 4000 }, () => handle('d'));
    say({ type: 'send', to: a, message: { type: 'leave', members } });
    expect(links.log).toEqual([]);
    expect(counters.snapshot([])).toEqual({ 'messages too long to send: leave': 1 });
  });
});

describe('what links do', () => {
  it('is told to the core in its words', () => {
    for (const reason of ['goodbye', 'budget', 'lost', 'misbehaved'] as const) links.events.down(a, reason);
    links.events.failed(b, { stage: 'signalling', noSuchPeer: true, message: '' });
    for (const stage of ['no-answer', 'signalling', 'closed-by-peer', 'ice', 'dtls', 'webrtc'] as const) {
      links.events.failed(b, { stage, noSuchPeer: false, message: '' });
    }
    expect(machine.heard('link-down').map(({ reason }) => reason)).toEqual(['goodbye', 'budget', 'lost', 'lost']);
    expect(machine.heard('link-failed').map(({ reason }) => reason)).toEqual([
      'no-such-peer',
      ...['no-answer', 'no-answer', 'no-answer'],
      ...['unreachable', 'unreachable', 'unreachable'],
    ]);
  });

  it('is no proof that no path leads there while this node has no time itself: nobody is asked to carry for the other', async () => {
    machine.wakeAt = 5_000;
    driver.dispatch({ type: 'wake' });
    machine.answer = () => {
      machine.wakeAt = undefined;
      return [];
    };
    time.now = 5_000 + LATE_TIMER_MS;
    await time.pass(0);
    const fail = (): void => links.events.failed(b, { stage: 'ice', noSuchPeer: false, message: '' });
    fail();
    time.now += REMEMBERED_LATE_MS;
    fail();
    expect(machine.heard('link-failed').map(({ reason }) => reason)).toEqual(['no-answer', 'unreachable']);
  });

  it('answers a wish for a link that is open already', () => {
    up(a);
    say({ type: 'connect', peer: a }, { type: 'connect', peer: b });
    expect(machine.heard('link-up')).toHaveLength(2);
    expect(links.log).toEqual(['connect b']);
  });

  it('closes on the core’s order, and takes nothing more from that peer', () => {
    up(a);
    say({ type: 'disconnect', peer: a, reason: 'budget' });
    links.events.frame(a, codec.encodeMessage(pong(1)));
    expect(links.log).toEqual(['close a budget']);
    expect(machine.heard('message')).toEqual([]);
  });

  it('says who sent a message: the link’s far end', () => {
    up(a);
    links.events.frame(a, codec.encodeMessage(pong(7)));
    expect(machine.heard('message')).toEqual([{ type: 'message', from: a, message: pong(7) }]);
  });
});

describe('a peer that misbehaves', () => {
  it('may send some malformed frames, which are counted, and then loses its link', () => {
    up(a);
    up(b);
    for (let count = 0; count < MAX_MISDEEDS; count += 1) links.events.frame(a, garbage);
    expect(links.log).toEqual([]);
    links.events.frame(a, garbage);
    links.events.frame(b, codec.encodeMessage(pong(1, 'b')));
    expect(links.log).toEqual(['close a misbehaved']);
    expect(machine.heard('link-down')).toEqual([{ type: 'link-down', peer: a, reason: 'lost' }]);
    expect(machine.heard('message')).toHaveLength(1);
    expect(counters.snapshot([])).toMatchObject({ 'links closed as misbehaved': 1 });
  });

  it('loses its link for what is no frame at all, too', () => {
    up(a);
    for (let count = 0; count < MAX_MISDEEDS; count += 1) links.events.garbage(a);
    expect(links.log).toEqual([]);
    links.events.garbage(a);
    expect(links.log).toEqual(['close a misbehaved']);
    expect(counters.snapshot([])).toMatchObject({ 'misbehaved: not a frame': MAX_MISDEEDS + 1 });
  });

  it('is not forgiven for dialling again, but for time', async () => {
    up(a);
    for (let count = 0; count <= MAX_MISDEEDS; count += 1) links.events.frame(a, garbage);
    up(a);
    links.events.frame(a, garbage);
    expect(links.log).toEqual(['close a misbehaved', 'close a misbehaved']);
    await time.pass(MISDEED_WINDOW_MS);
    up(a);
    links.events.frame(a, garbage);
    expect(links.log).toHaveLength(2);
  });

  it('loses its link for a flood of good frames', () => {
    up(a);
    const frame = codec.encodeMessage(pong(1));
    for (let count = 0; count < MAX_FRAMES; count += 1) links.events.frame(a, frame);
    expect(links.log).toEqual([]);
    for (let count = 0; count < 5; count += 1) links.events.frame(a, frame);
    expect(links.log).toEqual(['close a misbehaved']);
    expect(machine.heard('message')).toHaveLength(MAX_FRAMES);
    expect(misdeeds).toEqual(['a: a flood of frames']);
  });

  it('loses its link for what the core counts against it, and is told of by name', () => {
    up(a);
    const misdeed = { type: 'misdeed', nodeId: a, what: 'speaks of too many strangers' } as const;
    for (let count = 0; count < MAX_MISDEEDS; count += 1) say(misdeed);
    expect(links.log).toEqual([]);
    say(misdeed);
    expect(links.log).toEqual(['close a misbehaved']);
    expect(misdeeds).toHaveLength(MAX_MISDEEDS + 1);
    expect(misdeeds[0]).toBe('a: speaks of too many strangers');
  });
});

describe('the links’ own signals', () => {
  it('go into the ring while a link is open', () => {
    expect(links.events.carry(b, 'offer')).toBe(false);
    up(a);
    expect(links.events.carry(b, 'offer')).toBe(true);
    expect(machine.heard('signal')).toEqual([{ type: 'signal', to: b, data: 'offer' }]);
  });

  it('come out of the ring, and what it says of them', () => {
    say({ type: 'signal', from: b, data: 'answer' }, { type: 'signal', from: a, data: '' });
    expect(links.log).toEqual(['signalled b answer', 'signalled a ']);
  });

  it('go nowhere once it has stopped', () => {
    up(a);
    driver.stop();
    expect([links.events.carry(b, 'offer'), links.events.mayAnswer(b, true)]).toEqual([false, false]);
  });
});

describe('the budget of links', () => {
  const names = [...'012345'].map((digit) => id(digit));

  /** As many links as the budget of six allows, the first of them idle longest. */
  async function full(): Promise<void> {
    for (const peer of names) up(peer);
    links.open = names;
    await time.pass(2_000);
    links.log.length = 0;
  }

  it('closes an idle link for a new one, and tells the core and the other end why', async () => {
    await full();
    say({ type: 'send', to: a, message: pong(1) });
    expect(links.log).toEqual(['close 0 budget', 'connect a']);
    expect(machine.heard('link-down')).toEqual([{ type: 'link-down', peer: id('0'), reason: 'budget' }]);
  });

  it('spares the leaf set, and links with a block on its way', async () => {
    await full();
    pinned.add(id('0'));
    transferring.add(id('1'));
    say({ type: 'send', to: a, message: pong(1) });
    expect(links.log).toEqual(['close 2 budget', 'connect a']);
  });

  it('counts what is sent and received as use', async () => {
    await full();
    links.events.frame(id('0'), codec.encodeMessage(pong(1, '0')));
    say({ type: 'send', to: id('1'), message: pong(1) });
    say({ type: 'send', to: a, message: pong(1) });
    expect(links.log).toEqual(['send 1 1', 'close 2 budget', 'connect a']);
  });

  it('is no reason to think another node dead', async () => {
    say({ type: 'connect', peer: a });
    links.events.failed(a, { stage: 'budget', noSuchPeer: false, message: 'busy' });
    expect(machine.heard('link-failed')).toEqual([]);
    expect(machine.heard('link-down')).toEqual([{ type: 'link-down', peer: a, reason: 'budget' }]);
    expect(failures).toEqual(['budget']);
  });

  it('a link that failed is dialled again only after a while', async () => {
    say({ type: 'connect', peer: a });
    links.events.failed(a, { stage: 'ice', noSuchPeer: false, message: 'no path' });
    say({ type: 'connect', peer: a });
    expect(links.log).toEqual(['connect a']);
    await time.pass(2_000);
    expect(links.log).toEqual(['connect a', 'connect a']);
  });
});
