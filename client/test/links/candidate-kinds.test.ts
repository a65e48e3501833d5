// What is said when no network path was found.

import { expect, test } from 'vitest';
import { CandidateKinds, iceAdvice } from '../../src/links/candidate-kinds.ts';
import { turnNeedsUdp } from '../../src/links/webrtc-connection.ts';

const LINE_BY_KIND = {
  host: 'candidate:1 1 udp 2122260223 192.168.1.7 50000 typ host generation 0 ufrag aB network-id 1',
  srflx: 'candidate:2 1 udp 1686052607 203.0.113.7 50000 typ srflx raddr 192.168.1.7 rport 50000 generation 0',
  relay: 'candidate:3 1 udp 41885439 198.51.100.9 49152 typ relay raddr 203.0.113.7 rport 50000 generation 0',
};

function kinds(...names: readonly (keyof typeof LINE_BY_KIND)[]): CandidateKinds {
  const all = new CandidateKinds();
  for (const name of names) all.add(LINE_BY_KIND[name]);
  all.add('candidate:9 1 udp 1 nonsense');
  return all;
}

test.each([
  [kinds('host'), kinds('host'), /STUN server is needed/],
  [kinds('host', 'srflx'), kinds('host', 'srflx'), /TURN server is needed/],
  [kinds('host', 'srflx'), kinds('host'), /STUN server is needed/],
  [kinds('host', 'relay'), kinds('host'), /Not even over the TURN server/],
  [kinds('host'), kinds(), /The other tab named no network address/],
  [kinds(), kinds('host'), /This browser named no network address/],
])('%s and %s', (local, remote, advice) => {
  expect(iceAdvice(local, remote)).toMatch(advice);
  expect(iceAdvice(local, remote)).toContain(`(This tab offered ${local}; the other ${remote}.)`);
});

test('a Node peer that reached no TURN server hears that it uses them over UDP only', () => {
  const udpOnly = /Node peer uses TURN servers over UDP only/;
  expect(iceAdvice(kinds('host'), kinds('host', 'relay'), true)).toMatch(udpOnly);
  expect(iceAdvice(kinds('host', 'relay'), kinds('host'), true)).not.toMatch(udpOnly);
  expect(iceAdvice(kinds('host'), kinds('host', 'relay'), false)).not.toMatch(udpOnly);
});

test('kinds are named in words', () => {
  expect(String(kinds('relay', 'host'))).toBe('own addresses, a TURN server');
  expect(String(kinds())).toBe('nothing');
});

test('only where there is a TURN server does it matter that one is used over UDP only', () => {
  const stun = { urls: ['stun:203.0.113.1'] };
  const turn = { urls: ['turn:203.0.113.1?transport=tcp'], username: 'u', credential: 'c' };
  const webRtc = {
    ...{ RTCPeerConnection: undefined, RTCSessionDescription: undefined, RTCIceCandidate: undefined },
    turnNeedsUdp: true,
    remoteFingerprint: () => undefined,
  };
  const options = { initiator: true, iceServers: [stun, turn] };
  expect(turnNeedsUdp({ ...options, webRtc })).toBe(true);
  expect(turnNeedsUdp({ ...options, iceServers: [stun], webRtc })).toBe(false);
  expect(turnNeedsUdp({ ...options, webRtc: { ...webRtc, turnNeedsUdp: false } })).toBe(false);
  expect(turnNeedsUdp(options)).toBe(false);
});
