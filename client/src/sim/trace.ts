// Readable traces: one line for each input and output, in virtual seconds. Equal seeds give equal traces, so a hash of
// one is a test of determinism and a file of one is a golden trace whose changes are reviewed.

import type { Input, Output, TraceEvent } from '../core/io.ts';
import type { Message } from '../core/messages.ts';
import type { NodeId } from '../core/pastry/id.ts';
import type { Host } from './host.ts';
import type { Network, NetworkListener } from './network.ts';

/** Characters of an id that a line shows. */
const SHOWN_DIGITS = 4;

export class Trace implements NetworkListener {
  readonly #network: Network;
  readonly #write: (line: string) => void;

  constructor(network: Network, write: (line: string) => void) {
    this.#network = network;
    this.#write = write;
  }

  handled(host: Host, input: Input, outputs: readonly Output[]): void {
    this.#line(host, '<-', describeInput(input));
    for (const output of outputs) this.#line(host, '->', describeOutput(output));
  }

  stateChanged(host: Host): void {
    this.#line(host, '==', host.state);
  }

  #line(host: Host, arrow: string, text: string): void {
    const seconds = (this.#network.now / 1000).toFixed(3).padStart(9);
    this.#write(`${seconds} ${short(host.nodeId)} ${arrow} ${text}`);
  }
}

/** FNV-1a over a run's lines; a cheap fingerprint of everything that happened. */
export class TraceHash {
  #hash = 0x811c9dc5;
  lines = 0;

  add(line: string): void {
    this.lines += 1;
    for (let index = 0; index < line.length; index += 1) {
      this.#hash = Math.imul(this.#hash ^ line.charCodeAt(index), 0x01000193);
    }
  }

  get hex(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }
}

function describeInput(input: Input): string {
  switch (input.type) {
    case 'start':
    case 'sponsor':
      return `${input.type} ${input.sponsor === undefined ? 'alone' : `by ${short(input.sponsor)}`}`;
    case 'message':
      return `${short(input.from)} ${describeMessage(input.message)}`;
    case 'link-up':
      return `link-up ${short(input.peer)}`;
    case 'link-down':
    case 'link-failed':
      return `${input.type} ${short(input.peer)} ${input.reason}`;
    case 'lookup':
      return `lookup ${short(input.key)}`;
    case 'store':
    case 'fetch':
      return `${input.type} ${short(input.block.digest)}`;
    case 'block-arrived':
      return `block-arrived ${short(input.digest)} from ${short(input.from)}`;
    case 'block-failed':
      return `block-failed ${short(input.digest)} from ${short(input.from)} ${input.reason}`;
    default:
      return input.type;
  }
}

function describeOutput(output: Output): string {
  switch (output.type) {
    case 'send':
      return `${short(output.to)} ${describeMessage(output.message)}`;
    case 'connect':
      return `connect ${short(output.peer)}`;
    case 'disconnect':
      return `disconnect ${short(output.peer)} ${output.reason}`;
    case 'status':
      return `status ${output.status}`;
    case 'looked-up':
      return `looked-up ${short(output.key)} ${output.route.map(short).join(' ')}`;
    case 'lookup-failed':
      return `lookup-failed ${short(output.key)} ${output.reason}`;
    case 'stored':
      return `stored on ${output.holders.map(short).join(' ')}${output.complete ? ', complete' : ''}`;
    case 'store-failed':
    case 'fetch-failed':
      return `${output.type} ${output.reason}`;
    case 'pull':
      return `pull ${short(output.block.digest)} from ${short(output.from)}`;
    case 'trace':
      return `(${describeEvent(output.event)})`;
    default:
      return output.type;
  }
}

function describeMessage(message: Message): string {
  switch (message.type) {
    case 'routed':
      return `${message.payload.kind} ${short(message.key)} via ${message.route.map(short).join(' ')}`;
    case 'reply':
      return `${message.payload.kind} back ${message.back.map(short).join(' ')}`;
    case 'ack':
      return `ack ${message.token}`;
    case 'leaf-set':
      return `leaf-set${message.asks ? '?' : ''} ${message.members.map(({ nodeId }) => short(nodeId)).join(' ')}`;
    case 'row':
      return `row${message.asks ? '?' : ''} ${message.row}: ${message.entries.map(({ nodeId }) => short(nodeId)).join(' ')}`;
    case 'cells':
      return `cells? ${message.cells.length}`;
    case 'entries':
      return `entries ${message.entries.map(({ nodeId }) => short(nodeId)).join(' ')}`;
    case 'relay':
      return `relay ${message.direction} ${short(message.peer)}`;
    default:
      return message.type;
  }
}

function describeEvent(event: TraceEvent): string {
  switch (event.kind) {
    case 'routed':
      return `routed ${event.what} ${short(event.key)} by ${event.rule}`;
    case 'entry-added':
    case 'entry-removed':
      return `${event.kind} ${short(event.nodeId)} ${event.row}/${event.column}`;
    case 'joined':
      return `joined by ${event.route.map(short).join(' ')}`;
    case 'leaf-added':
    case 'leaf-removed':
    case 'suspected':
    case 'failed':
    case 'departed':
      return `${event.kind} ${short(event.nodeId)}`;
    default:
      return event.kind;
  }
}

function short(id: NodeId | string): string {
  return id.slice(0, SHOWN_DIGITS);
}
