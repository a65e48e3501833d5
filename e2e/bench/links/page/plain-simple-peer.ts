// simple-peer as it comes: `send` with our own pacing, and `write` with the stream's.

import SimplePeer from 'simple-peer/simplepeer.min.js';
import { BUFFER_FULL_BYTES, BUFFER_LOW_BYTES, type Endpoint } from './endpoint.ts';
import { openRelay, type Relay } from './relay.ts';
import { type Pipe, Talk } from './talk.ts';

type Way = 'send' | 'write';

export const startSimplePeerSend = (): Promise<Endpoint> => start('send');
export const startSimplePeerWrite = (): Promise<Endpoint> => start('write');

async function start(way: Way): Promise<Endpoint> {
  const relay = await openRelay();
  const peers = new Map<string, SimplePeer>();
  const create = (name: string, initiator: boolean): SimplePeer => {
    const peer = createPeer(relay, name, initiator);
    peers.set(name, peer);
    return peer;
  };
  relay.listen<SimplePeer.SignalData>((from, signal) => {
    const known = peers.get(from);
    const peer = known ?? create(from, false);
    if (known === undefined) peer.on('connect', () => talkOver(peer, way));
    peer.signal(signal);
  });
  return {
    name: relay.name,
    connect: (name) =>
      new Promise((resolve) => {
        const peer = create(name, true);
        peer.on('connect', () => resolve(talkOver(peer, way)));
      }),
  };
}

function createPeer(relay: Relay, name: string, initiator: boolean): SimplePeer {
  const peer = new SimplePeer({ initiator, objectMode: true, config: { iceServers: [] } });
  peer.on('signal', (signal) => relay.send(name, signal));
  peer.on('error', (error) => console.error(error));
  return peer;
}

function talkOver(peer: SimplePeer, way: Way): Talk {
  const channel = peer._channel;
  if (channel === null) throw new Error('connected without a channel');
  let needsDrain = false;
  const pipes: Record<Way, Pipe> = {
    send: { send: (message) => peer.send(message), hasRoom: () => channel.bufferedAmount < BUFFER_FULL_BYTES },
    write: {
      send: (message) => {
        needsDrain = !peer.write(message);
      },
      hasRoom: () => !needsDrain,
    },
  };
  const talk = new Talk(pipes[way]);
  if (way === 'send') {
    channel.bufferedAmountLowThreshold = BUFFER_LOW_BYTES;
    channel.addEventListener('bufferedamountlow', () => talk.drained());
  }
  peer.on('drain', () => {
    needsDrain = false;
    talk.drained();
  });
  peer.on('data', (data) => talk.received(data));
  return talk;
}
