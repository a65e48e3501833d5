// A machine that does what a test tells it, and a small world of such machines.

import type { Input, Inspection, Instant, Output } from '../../src/core/io.ts';
import { type Id, isId } from '../../src/core/pastry/id.ts';
import type { PastryMessage } from '../../src/core/pastry/messages.ts';
import { UNKNOWN_COORDINATE } from '../../src/core/pastry/node-handle.ts';
import { CheapAuthority } from '../../src/sim/cheap-scheme.ts';
import { Conditions } from '../../src/sim/conditions.ts';
import { HandshakeLinks } from '../../src/sim/handshake-links.ts';
import { Host, type SimMachine } from '../../src/sim/host.ts';
import { InstantLinks } from '../../src/sim/instant-links.ts';
import { Network } from '../../src/sim/network.ts';
import { Rng } from '../../src/sim/rng.ts';
import { Schedule } from '../../src/sim/schedule.ts';
import { createFrameCodec } from '../../src/wire/frame.ts';

export class FakeMachine implements SimMachine {
  wakeAt: Instant | undefined;
  readonly inputs: { readonly input: Input; readonly now: Instant }[] = [];
  /** What to answer to an input. */
  answer: (input: Input, now: Instant) => readonly Output[] = () => [];
  readonly #nodeId: Id;

  constructor(nodeId: Id) {
    this.#nodeId = nodeId;
  }

  handle(input: Input, now: Instant): readonly Output[] {
    this.inputs.push({ input, now });
    if (this.wakeAt !== undefined && this.wakeAt <= now) this.wakeAt = undefined;
    return this.answer(input, now);
  }

  inspect(): Inspection {
    return {
      handle: { nodeId: this.#nodeId, epoch: 1, device: 'd', coordinate: UNKNOWN_COORDINATE },
      status: 'active',
      leafSet: { cw: [], ccw: [] },
      routingTable: [],
      neighborhoodSet: [],
      held: [],
      pointers: [],
    };
  }

  /** Names of the inputs so far: the token of an ack, the peer of a link's change, else the type. */
  get log(): string[] {
    return this.inputs.map(({ input }) => {
      if (input.type === 'message')
        return input.message.type === 'ack' ? `ack ${input.message.token}` : input.message.type;
      if (input.type === 'link-down' || input.type === 'link-failed') return `${input.type} ${input.reason}`;
      return input.type;
    });
  }
}

/** Every message takes this long, milliseconds. */
export const DELAY_MS = 10;

export interface World {
  readonly schedule: Schedule;
  readonly conditions: Conditions;
  readonly network: Network;
  /** Adds a node; an id of one hex character. */
  add(name: string, clockOffset?: number): { readonly host: Host; readonly machine: FakeMachine };
  /** Makes a node put out something now. */
  act(host: Host, ...outputs: Output[]): void;
}

export function createWorld(links: 'instant' | 'handshake', isRegistered: (id: Id) => boolean = () => false): World {
  const schedule = new Schedule();
  const conditions = new Conditions({ add: () => 0, delayMs: (a, b) => (a === b ? 0 : DELAY_MS) }, new Rng(1));
  const network = new Network(schedule, undefined);
  const model =
    links === 'instant'
      ? new InstantLinks(network, conditions)
      : new HandshakeLinks(network, conditions, new Rng(2), isRegistered);
  network.attach(model, { output: () => undefined });
  const authority = new CheapAuthority(new Rng(3));
  const codec = createFrameCodec({ digits: 1, segmentBytes: 1 });
  let places = 0;
  return {
    schedule,
    conditions,
    network,
    add(name, clockOffset = 0) {
      const nodeId = idOf(name);
      const machine = new FakeMachine(nodeId);
      const disk = { blockByDigest: new Map(), leasedByDigest: new Map(), capacity: 0, refusesWrites: false };
      places += 1;
      const scheme = authority.scheme({ role: 'node', nodeId, epoch: 1, device: 'd' });
      const host = new Host({ nodeId, epoch: 1, place: places, disk, machine, scheme, codec, clockOffset });
      network.add(host);
      return { host, machine };
    },
    act(host, ...outputs) {
      if (!(host.machine instanceof FakeMachine)) throw new Error('not a fake machine');
      const { machine } = host;
      const { answer } = machine;
      machine.answer = () => outputs;
      network.deliver(host, { type: 'wake' });
      machine.answer = answer;
      machine.inputs.pop();
    },
  };
}

export function idOf(name: string): Id {
  if (!isId(name, 1)) throw new Error(`${name} is no id of one digit`);
  return name;
}

/** A message of which nothing is to be proved. */
export function ack(token: number): PastryMessage {
  return { type: 'ack', token, coordinate: UNKNOWN_COORDINATE };
}
