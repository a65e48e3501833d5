// Our own link: the code of client/src/links in client/src/wire's frames, fed as client/src/peer/outgoing.ts feeds it. The two
// ends know nothing of each other, so each link is called for.

import { WebRtcLinks } from '../../../../client/src/links/webrtc-links.ts';
import { REFILL_BYTES } from '../../../../client/src/peer/limits.ts';
import { createFrameCodec } from '../../../../client/src/wire/frame.ts';
import type { Endpoint } from './endpoint.ts';
import { nodeIdOf, register } from './relay.ts';
import { Talk } from './talk.ts';

export async function startOurLink(): Promise<Endpoint> {
  const discovery = await register();
  const codec = createFrameCodec(discovery.params);
  const talks = new Map<string, Talk>();
  const opened = new Map<string, () => void>();
  const links = new WebRtcLinks({
    self: discovery.nodeId,
    credentials: discovery.credentials,
    signalling: discovery,
    iceServers: () => [],
  });
  const talkWith = (peer: typeof discovery.nodeId): Talk =>
    new Talk({
      send: (message) => links.send(peer, codec.encodeChunk(0, 0, message)),
      hasRoom: () => links.bufferedBytes(peer) <= REFILL_BYTES,
    });
  links.listen({
    up: (peer) => {
      talks.set(peer, talkWith(peer));
      opened.get(peer)?.();
    },
    certified: () => undefined,
    down: (peer, reason) => console.error(`link to ${peer} down: ${reason}`),
    failed: (peer, { message }) => console.error(`link to ${peer} failed: ${message}`),
    answerFailed: (peer, { message }) => console.error(`an attempt of ${peer} failed: ${message}`),
    frame: (peer, bytes) => {
      const frame = codec.decode(bytes);
      if (frame.kind === 'chunk') talks.get(peer)?.received(frame.payload);
      else console.error(`an unexpected frame: ${frame.kind}`);
    },
    garbage: (peer) => console.error(`garbage from ${peer}`),
    drained: (peer) => talks.get(peer)?.drained(),
    carry: () => false,
    mayAnswer: () => true,
    isJoining: () => false,
    openingMs: () => 15_000,
  });
  return {
    name: discovery.nodeId,
    async connect(name) {
      const peer = nodeIdOf(name, discovery);
      const isUp = new Promise<void>((resolve) => opened.set(peer, resolve));
      links.connect(peer);
      await isUp;
      const talk = talks.get(peer);
      if (talk === undefined) throw new Error('up without a link');
      return talk;
    },
  };
}
