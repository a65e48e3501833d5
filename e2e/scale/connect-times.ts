// How long links between two Node peers take to open, over a real Discovery node: `npm run test:scale:connect`. Prints the
// spread of CONNECTS links one after the other, and of as many opened AT_ONCE at a time to different nodes.

import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { HIGH_WATER_BYTES } from '../../client/src/links/limits.ts';
import { connectToDiscovery, type SignalingClient } from '../../client/src/links/signaling-client.ts';
import { WebRtcLinks } from '../../client/src/links/webrtc-links.ts';
import { loadNodeWebRtc } from '../../client/src/node/node-webrtc.ts';
import { LinkProbe } from '../../client/test/contracts/link-probe.ts';
import { SwappingSignalling } from '../../client/test/contracts/swapping-signalling.ts';
import { newcomer } from '../../client/test/links/newcomer.ts';
import { startDiscoveryNode } from '../../signaling/server.ts';

const CONNECTS = 100;
const AT_ONCE = 16;
/** For the native library to give back what it had. */
const REST_MS = 3_000;

interface End {
  readonly links: WebRtcLinks;
  readonly probe: LinkProbe;
  readonly signalling: SignalingClient;
}

const discovery = await startDiscoveryNode({ host: '127.0.0.1' });
const ends = await Promise.all(
  Array.from({ length: AT_ONCE + 1 }, (_, index) => end(index.toString(16).padStart(2, '0'))),
);
const [self, ...others] = ends;
if (self === undefined) throw new Error('no ends');
const before = natives();
report(`${AT_ONCE} to strangers, one after the other`, await rounds(AT_ONCE, 1));
report('one after the other', await rounds(CONNECTS, 1));
report(`${AT_ONCE} at once`, await rounds(Math.ceil(CONNECTS / AT_ONCE), AT_ONCE));
await delay(REST_MS);
console.log(
  `open files ${before.files} before, ${natives().files} after; threads ${before.threads}, ${natives().threads}`,
);
process.exit(0);

async function rounds(count: number, atOnce: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    // To one after the other: nobody lets another connect to it as often as this.
    const first = round % others.length;
    const targets = [...others.slice(first), ...others.slice(0, first)].slice(0, atOnce);
    await Promise.all(targets.map(async (other) => times.push(await connectTime(self ?? other, other))));
  }
  return times;
}

/** From the wish for a link until both ends have it open, milliseconds. */
async function connectTime(from: End, to: End): Promise<number> {
  const [idFrom, idTo] = [from.signalling.nodeId, to.signalling.nodeId];
  const [upFrom, upTo] = [`up ${idTo}`, `up ${idFrom}`];
  const times = (await from.probe.log()).filter((line) => line === upFrom).length + 1;
  const beganAt = performance.now();
  await from.probe.connect(idTo);
  await Promise.all([from.probe.logged(upFrom, times), to.probe.logged(upTo, times)]);
  const ms = performance.now() - beganAt;
  await from.probe.close(idTo, 'budget');
  await to.probe.logged(`down ${idFrom} budget`, times);
  return ms;
}

async function end(wantedId: string): Promise<End> {
  const signalling = await connectToDiscovery({
    ...(await newcomer({ wantedId, device: wantedId })),
    url: discovery.url,
  });
  const relay = new SwappingSignalling(signalling);
  const links = new WebRtcLinks({
    self: signalling.nodeId,
    credentials: signalling.credentials,
    signalling: relay,
    iceServers: () => [],
    webRtc: await loadNodeWebRtc(),
  });
  return { links, signalling, probe: new LinkProbe(links, HIGH_WATER_BYTES, relay) };
}

function report(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]?.toFixed(0)} ms`;
  console.log(`${times.length} links, ${what}: median ${at(0.5)}, 95 % within ${at(0.95)}, longest ${at(1)}`);
}

function natives(): { readonly files: number; readonly threads: number } {
  return { files: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}
