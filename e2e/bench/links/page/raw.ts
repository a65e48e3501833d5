// RTCDataChannel as the browser gives it, with the pacing that was the fastest: what all the others are compared with.

import { BUFFER_FULL_BYTES, BUFFER_LOW_BYTES, type Endpoint } from './endpoint.ts';
import { openRelay, type Relay } from './relay.ts';
import { Talk } from './talk.ts';

interface Signal {
  readonly description?: RTCSessionDescriptionInit;
  readonly candidate?: RTCIceCandidateInit;
}

export async function startRaw(): Promise<Endpoint> {
  const relay = await openRelay();
  const connections = new Map<string, RTCPeerConnection>();
  relay.listen<Signal>((from, { description, candidate }) => {
    const connection = connections.get(from) ?? createConnection(relay, from);
    connections.set(from, connection);
    if (candidate !== undefined) void connection.addIceCandidate(candidate);
    if (description?.type === 'answer') void connection.setRemoteDescription(description);
    if (description?.type === 'offer') void answer(connection, relay, from, description);
  });
  return {
    name: relay.name,
    async connect(name) {
      const connection = createConnection(relay, name);
      connections.set(name, connection);
      const channel = connection.createDataChannel('bench');
      const talk = talkOver(channel);
      const opened = new Promise((resolve) => channel.addEventListener('open', resolve));
      await connection.setLocalDescription();
      relay.send(name, { description: connection.localDescription });
      await opened;
      return talk;
    },
  };
}

function createConnection(relay: Relay, name: string): RTCPeerConnection {
  const connection = new RTCPeerConnection({ iceServers: [] });
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate !== null) relay.send(name, { candidate });
  });
  connection.addEventListener('datachannel', ({ channel }) => talkOver(channel));
  return connection;
}

async function answer(
  connection: RTCPeerConnection,
  relay: Relay,
  name: string,
  offer: RTCSessionDescriptionInit,
): Promise<void> {
  await connection.setRemoteDescription(offer);
  await connection.setLocalDescription();
  relay.send(name, { description: connection.localDescription });
}

function talkOver(channel: RTCDataChannel): Talk {
  channel.binaryType = 'arraybuffer';
  channel.bufferedAmountLowThreshold = BUFFER_LOW_BYTES;
  const talk = new Talk({
    send: (message) => channel.send(message),
    hasRoom: () => channel.bufferedAmount < BUFFER_FULL_BYTES,
  });
  channel.addEventListener('bufferedamountlow', () => talk.drained());
  channel.addEventListener('message', ({ data }) => talk.received(new Uint8Array(data)));
  return talk;
}
