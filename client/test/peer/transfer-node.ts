// A node that moves blocks and does nothing else: a real driver and real transfers around a scripted core.

import { createHash } from 'node:crypto';
import type { BlockRef } from '../../src/core/past/block.ts';
import type { NodeId } from '../../src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../src/core/pastry/params.ts';
import { blockRef } from '../../src/peer/block-ref.ts';
import { Counters } from '../../src/peer/counters.ts';
import { Driver } from '../../src/peer/driver.ts';
import { LocalBlocks } from '../../src/peer/local-blocks.ts';
import type { Sha256 } from '../../src/peer/ports.ts';
import type { Bringing } from '../../src/peer/shell.ts';
import { Transfers } from '../../src/peer/transfers.ts';
import { MemoryBlockStore } from '../../src/stores/memory-block-store.ts';
import { createFrameCodec, type TransferControl } from '../../src/wire/frame.ts';
import { maxBlockBytes } from '../../src/wire/limits.ts';
import { DIGITS, id } from './ids.ts';
import type { MemoryLinks, MemoryNetwork } from './memory-links.ts';
import { ScriptedMachine } from './scripted-machine.ts';

const PARAMS = { digits: DIGITS, segmentBytes: 4 * 1024 * 1024 };
export const codec = createFrameCodec(PARAMS);

/** Without WebCrypto's threads, so that virtual time knows when all is done. What is given away comes back in another array. */
export const sha256: Sha256 = async (bytes, back) => {
  const digest = sha256Of(bytes);
  if (back !== undefined && bytes.length > 0) back(structuredClone(bytes, { transfer: [bytes.buffer] }));
  return digest;
};

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Bytes that differ from block to block and from place to place. */
export function someBytes(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed * 2 + 1;
  for (let index = 0; index < size; index += 1) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export function blockOf(bytes: Uint8Array): BlockRef {
  return blockRef(sha256Of(bytes), bytes.length, DIGITS);
}

export class TransferNode {
  readonly nodeId;
  readonly links: MemoryLinks;
  readonly machine = new ScriptedMachine();
  readonly counters = new Counters();
  readonly store: MemoryBlockStore;
  readonly blocks: LocalBlocks;
  readonly transfers: Transfers;
  readonly driver: Driver;
  /** Who may bring it blocks from nodes that no link reaches. */
  carriers: readonly NodeId[] = [];
  /** How it serves who wants a block brought. */
  bringing: (peer: NodeId, source: NodeId) => Bringing | undefined = () => 'neighbour';
  readonly misdeeds: string[] = [];
  /** Who computes digests of what is given away dies with it. */
  losesGiven = false;
  /** Transfers of the chunks that arrived, in order. */
  readonly chunks: number[] = [];

  constructor(network: MemoryNetwork, name: string, capacityBytes?: number) {
    this.nodeId = id(name);
    this.links = network.join(network.credentials(this.nodeId, `device-${name}`));
    this.store = new MemoryBlockStore(capacityBytes);
    this.driver = new Driver({
      machine: this.machine,
      clock: network.time.clock(),
      links: this.links,
      params: DEFAULT_RING_PARAMS,
      codec,
      credentials: this.links.credentials,
      counters: this.counters,
      shell: {
        output: () => undefined,
        control: (peer, control) => this.transfers.control(peer, control),
        chunk: (peer, transfer, offset, payload) => {
          this.chunks.push(transfer);
          this.transfers.chunk(peer, transfer, offset, payload);
        },
        drained: (peer) => this.transfers.drained(peer),
        linkChanged: (peer, state) => {
          if (state !== 'up') this.transfers.linkClosed(peer);
        },
        linkFailed: () => undefined,
        isTransferring: (peer) => this.transfers.isBusy(peer),
        isRelayed: () => false,
        isJoining: () => false,
        entries: () => () => false,
        carriersOf: () => this.carriers,
        pins: () => () => false,
        misbehaved: (peer, what) => this.misdeeds.push(`${peer.slice(0, 1)}: ${what}`),
        bringing: (peer, source) => this.bringing(peer, source),
      },
    });
    const dispatch = this.driver.dispatch.bind(this.driver);
    this.blocks = new LocalBlocks({
      suspect: () => undefined,
      store: this.store,
      sha256: async (bytes, back) => {
        if (this.losesGiven && back !== undefined) throw new Error('the worker died');
        return sha256(bytes, back);
      },
      counters: this.counters,
      dispatch,
    });
    this.transfers = new Transfers(this.nodeId, this.driver, this.blocks, maxBlockBytes(PARAMS));
  }

  async holds(bytes: Uint8Array): Promise<BlockRef> {
    const block = blockOf(bytes);
    await this.store.put(block, bytes);
    return block;
  }

  /** What the core heard about pulls, in short. */
  get outcomes(): readonly string[] {
    return this.machine.inputs.flatMap((input) => {
      if (input.type === 'block-arrived') return [input.kept ? 'kept' : 'arrived'];
      if (input.type === 'block-failed') return [input.reason];
      return input.type === 'block-lost' ? ['lost'] : [];
    });
  }
}

/** A node that speaks the protocol but keeps no rule of it. */
export class RogueNode {
  readonly nodeId;
  readonly links: MemoryLinks;
  readonly heard: TransferControl[] = [];
  /** Called with every control frame. */
  onControl: (control: TransferControl) => void = () => undefined;

  constructor(network: MemoryNetwork, name: string) {
    this.nodeId = id(name);
    this.links = network.join(network.credentials(this.nodeId, `device-${name}`));
    this.links.listen({
      up: () => undefined,
      down: () => undefined,
      failed: () => undefined,
      answerFailed: () => undefined,
      certified: () => undefined,
      drained: () => undefined,
      garbage: () => undefined,
      carry: () => false,
      mayAnswer: () => true,
      isJoining: () => false,
      openingMs: () => 15_000,
      frame: (_, bytes) => {
        const frame = codec.decode(bytes);
        if (frame.kind !== 'control') return;
        this.heard.push(frame.control);
        this.onControl(frame.control);
      },
    });
  }

  says(to: TransferNode, control: TransferControl): void {
    this.links.send(to.nodeId, codec.encodeControl(control));
  }

  sends(to: TransferNode, transfer: number, offset: number, payload: Uint8Array): void {
    this.links.send(to.nodeId, codec.encodeChunk(transfer, offset, payload));
  }
}
