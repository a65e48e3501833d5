// Links between Node processes' peers: the contract of every link layer over real WebRTC, a real Discovery node, and
// real sockets on this machine's loopback.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DiscoveryNode, startDiscoveryNode } from '../../../signaling/server.ts';
import { idFromPrefix, type NodeId } from '../../src/core/pastry/id.ts';
import { HIGH_WATER_BYTES } from '../../src/links/limits.ts';
import { connectToDiscovery, type SignalingClient } from '../../src/links/signaling-client.ts';
import { connectWebRtc } from '../../src/links/webrtc-connection.ts';
import { WebRtcLinks } from '../../src/links/webrtc-links.ts';
import { freeUdpPort } from '../../src/node/free-udp-port.ts';
import { loadNodeWebRtc, loadNodeWebRtcOnPort } from '../../src/node/node-webrtc.ts';
import { LINK_SCENARIOS } from '../contracts/link-layer.ts';
import { LinkProbe } from '../contracts/link-probe.ts';
import { PROOF_SCENARIOS, type ProofPair } from '../contracts/link-proofs.ts';
import { SwappingSignalling } from '../contracts/swapping-signalling.ts';
import { newcomer } from '../links/newcomer.ts';
import { Authority } from '../trust/authority.ts';

const quiet = () => undefined;

let discovery: DiscoveryNode;
beforeAll(async () => {
  discovery = await startDiscoveryNode({ host: '127.0.0.1' });
});
afterAll(() => discovery.close());

let authority: Authority;
let foreignAuthority: Authority;
beforeAll(async () => {
  [authority, foreignAuthority] = await Promise.all([Authority.create(), Authority.create()]);
});

interface End {
  readonly probe: LinkProbe;
  readonly links: WebRtcLinks;
  readonly signalling: SignalingClient;
}

async function end(wantedId: string, loadWebRtc = loadNodeWebRtc): Promise<End> {
  const signalling = await connectToDiscovery({
    ...(await newcomer({ wantedId, device: wantedId })),
    url: discovery.url,
  });
  const webRtc = await loadWebRtc();
  const relay = new SwappingSignalling(signalling);
  const credentials = await authority.credentials(signalling.nodeId);
  const links = new WebRtcLinks({
    ...{ self: signalling.nodeId, credentials, signalling: relay, iceServers: () => [], webRtc },
  });
  return { probe: new LinkProbe(links, HIGH_WATER_BYTES, relay), links, signalling };
}

/** Runs with two ends, which are closed afterwards. */
async function between(run: (pair: ProofPair) => Promise<void>, load = loadNodeWebRtc): Promise<void> {
  const [a, b] = await Promise.all([end('a', load), end('b', load)]);
  try {
    await run({
      ...{ a: a.probe, b: b.probe, idA: a.signalling.nodeId, idB: b.signalling.nodeId, idOfNobody: nobody() },
      ...{ authority, foreignAuthority },
    });
  } finally {
    for (const { links, signalling } of [a, b]) {
      links.closeAll();
      signalling.leave();
    }
  }
}

describe.each([
  { ports: 'a port for each link', load: loadNodeWebRtc },
  { ports: 'one port for all links', load: async () => loadNodeWebRtcOnPort(await freeUdpPort()) },
])('WebRtcLinks in Node, as a link layer, $ports', ({ load }) => {
  for (const { title, run } of LINK_SCENARIOS) {
    test(title, () => between(run, load));
  }
});

describe('WebRtcLinks in Node prove both ends', () => {
  for (const { title, run } of PROOF_SCENARIOS) {
    test(title, () => between(run));
  }
});

test('sending into a channel that has just closed is no error: the link goes down', async () => {
  // The native channel is closed a moment before it says so; each round meets that moment or not.
  for (let round = 0; round < 20; round += 1) {
    const [a, b] = await Promise.all([end('a'), end('b')]);
    a.links.connect(b.signalling.nodeId);
    await Promise.all([a.probe.logged(`up ${b.signalling.nodeId}`), b.probe.logged(`up ${a.signalling.nodeId}`)]);
    b.links.closeAll();
    while ((await a.probe.links()).length > 0) {
      await a.probe.send(b.signalling.nodeId, 1, 1000);
      a.links.bufferedBytes(b.signalling.nodeId);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { signalling } of [a, b]) signalling.leave();
  }
});

test('a link takes one call, one offer and one answer', async () => {
  // Of some links, since a process that is slow tells its last candidates in a second signal.
  const said: number[] = [];
  while (said.length < 10 && !said.includes(3)) {
    const [a, b] = await Promise.all([end('a'), end('b')]);
    a.links.connect(b.signalling.nodeId);
    await Promise.all([a.probe.logged(`up ${b.signalling.nodeId}`), b.probe.logged(`up ${a.signalling.nodeId}`)]);
    said.push(a.links.counters.signalsByDiscovery + b.links.counters.signalsByDiscovery);
    for (const { links, signalling } of [a, b]) {
      links.closeAll();
      signalling.leave();
    }
  }
  expect(said).toContain(3);
});

test('an end of a link has at most seven handles of libuv, which goes round them all for each message', async () => {
  const [a, b] = await Promise.all([end('a'), end('b')]);
  const before = asyncHandles();
  a.links.connect(b.signalling.nodeId);
  await Promise.all([a.probe.logged(`up ${b.signalling.nodeId}`), b.probe.logged(`up ${a.signalling.nodeId}`)]);
  expect(asyncHandles() - before).toBeLessThanOrEqual(2 * 7);
  for (const { links, signalling } of [a, b]) {
    links.closeAll();
    signalling.leave();
  }
});

function asyncHandles(): number {
  const report: object = process.report?.getReport() ?? {};
  const handles = 'libuv' in report && Array.isArray(report.libuv) ? report.libuv : [];
  return handles.filter((handle: { readonly type: string }) => handle.type === 'async').length;
}

test('an offer names no candidate before its answer is here', async () => {
  const candidates: string[] = [];
  const webRtc = await loadNodeWebRtc();
  const sdp = await new Promise<string>((resolve) => {
    const connection = connectWebRtc(
      { initiator: true, iceServers: [], webRtc },
      {
        description: (description) => {
          resolve(description.sdp);
          connection.destroy();
        },
        candidate: ({ candidate }) => candidates.push(candidate),
        ...{ gathered: quiet, iceState: quiet, open: quiet, message: quiet, low: quiet, closed: quiet },
      },
    );
  });
  expect(sdp).toMatch(/^a=setup:actpass\r$/m);
  expect(sdp).not.toContain('candidate');
  expect(candidates).toEqual([]);
});

test('a TURN server gets the name as it was given, colon and all', async () => {
  const turn = createSocket('udp4').bind(0, '127.0.0.1');
  await once(turn, 'listening');
  const webRtc = await loadNodeWebRtc();
  const connection = connectWebRtc(
    {
      initiator: true,
      iceServers: [{ urls: [`turn:127.0.0.1:${turn.address().port}`], username: '1700:me@x', credential: 'a/b=+' }],
      webRtc,
    },
    {
      ...{ description: quiet, candidate: quiet, gathered: quiet, iceState: quiet },
      ...{ open: quiet, message: quiet, low: quiet, closed: quiet },
    },
  );
  const username = await new Promise((resolve) => {
    turn.on('message', (request, { port, address }) => {
      const name = stunAttribute(request, STUN_USERNAME);
      if (name !== undefined) resolve(name);
      else turn.send(unauthorized(request), port, address);
    });
  });
  connection.destroy();
  turn.close();
  expect(username).toBe('1700:me@x');
});

// As much of STUN (RFC 8489) as it takes to be asked with a name: a first request is refused, and comes again signed.
const STUN_HEADER_BYTES = 20;
const STUN_USERNAME = 0x0006;

function stunAttribute(message: Buffer, wanted: number): string | undefined {
  for (let at = STUN_HEADER_BYTES; at + 4 <= message.length; ) {
    const bytes = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === wanted) return message.toString('utf8', at + 4, at + 4 + bytes);
    at += 4 + Math.ceil(bytes / 4) * 4;
  }
  return undefined;
}

function unauthorized(request: Buffer): Buffer {
  const attribute = (type: number, value: string): Buffer => {
    const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
    bytes.writeUInt16BE(type, 0);
    bytes.writeUInt16BE(value.length, 2);
    bytes.write(value, 4, 'latin1');
    return bytes;
  };
  const [errorCode, realm, nonce] = [0x0009, 0x0014, 0x0015];
  const attributes = [attribute(errorCode, '\0\0\x04\x01'), attribute(realm, 'realm'), attribute(nonce, 'nonce')];
  const body = Buffer.concat(attributes);
  const header = Buffer.from(request.subarray(0, STUN_HEADER_BYTES));
  const allocateError = 0x0113;
  header.writeUInt16BE(allocateError, 0);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function nobody(): NodeId {
  const id = idFromPrefix('c', 32);
  if (id === undefined) throw new Error('c is no id');
  return id;
}
