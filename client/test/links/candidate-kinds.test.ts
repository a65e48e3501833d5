// What is said when no network path was found.

import { expect, test } from 'vitest';
import { CandidateKinds, iceAdvice } from '../../src/links/candidate-kinds.ts';
import { loadNodeWebRtc } from '../../src/node/node-webrtc.ts';

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

test('where no TURN server was reached, what is special about this end’s WebRTC is said', () => {
  const advice = 'It uses them over UDP only.';
  expect(iceAdvice(kinds('host'), kinds('host', 'relay'), advice)).toContain(advice);
  expect(iceAdvice(kinds('host', 'relay'), kinds('host'), advice)).not.toContain(advice);
});

test('kinds are named in words', () => {
  expect(String(kinds('relay', 'host'))).toBe('own addresses, a TURN server');
  expect(String(kinds())).toBe('nothing');
});

test('only where there is a TURN server does it matter that a Node peer uses it over UDP only', async () => {
  const stun = { urls: ['stun:203.0.113.1'] };
  const turn = { urls: ['turn:203.0.113.1?transport=tcp'], username: 'u', credential: 'c' };
  const { turnAdvice } = await loadNodeWebRtc();
  expect(turnAdvice([stun, turn])).toContain('TURN servers over UDP only');
  expect(turnAdvice([stun])).toBeUndefined();
});
