// PeerJS with its own server: its raw serialization, and its default one, which packs and cuts what is sent into 16 KB.

import { type DataConnection, Peer } from 'peerjs';
import { BUFFER_FULL_BYTES, BUFFER_LOW_BYTES, type Endpoint } from './endpoint.ts';
import { Talk } from './talk.ts';

export const startPeerJsRaw = (): Promise<Endpoint> => start('raw');
export const startPeerJsDefault = (): Promise<Endpoint> => start(undefined);

async function start(serialization: 'raw' | undefined): Promise<Endpoint> {
  const port = Number(new URLSearchParams(location.search).get('peerServer'));
  const peer = new Peer({ host: location.hostname, port, path: '/', config: { iceServers: [] } });
  peer.on('error', (error) => console.error(error));
  peer.on('connection', (connection) => connection.on('open', () => talkOver(connection)));
  const name = await new Promise<string>((resolve) => peer.on('open', resolve));
  return {
    name,
    connect: (other) =>
      new Promise((resolve) => {
        const options = serialization === undefined ? {} : { serialization };
        const connection = peer.connect(other, { reliable: true, ...options });
        connection.on('open', () => resolve(talkOver(connection)));
      }),
  };
}

function talkOver(connection: DataConnection): Talk {
  const { dataChannel } = connection;
  const talk = new Talk({
    send: (message) => connection.send(message),
    hasRoom: () => dataChannel.bufferedAmount < BUFFER_FULL_BYTES,
  });
  dataChannel.bufferedAmountLowThreshold = BUFFER_LOW_BYTES;
  dataChannel.addEventListener('bufferedamountlow', () => talk.drained());
  connection.on('data', (data) => talk.received(data instanceof Uint8Array ? data : new Uint8Array(data)));
  return talk;
}
