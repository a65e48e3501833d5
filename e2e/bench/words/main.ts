// npm run bench:words [-- --nodes N --rounds N]: what it costs that words are proved. Two rings of the same peers in one
// process, one with real keys and one in which nothing is proved, take turns; the CPU time of 1,000 lookups in each, all
// threads counted, and their ratio. Links cost nothing here, so the ratio is the worst there can be.

import { parseArgs } from 'node:util';
import type { Id } from '../../../client/src/core/pastry/id.ts';
import { DEFAULT_RING_PARAMS } from '../../../client/src/core/pastry/params.ts';
import type { Scheme } from '../../../client/src/gate/scheme.ts';
import { Peer } from '../../../client/src/peer/peer.ts';
import { randomId } from '../../../client/src/peer/random-id.ts';
import { sha256 } from '../../../client/src/peer/sha256.ts';
import { SystemClock } from '../../../client/src/peer/system-clock.ts';
import { MemoryBlockStore } from '../../../client/src/stores/memory-block-store.ts';
import { MemorySettings } from '../../../client/src/stores/memory-settings.ts';
import { decodeCertificate } from '../../../client/src/trust/certificate.ts';
import { Authority } from '../../../client/test/trust/authority.ts';
import { QuickLinks, QuickNetwork } from './quick-links.ts';

const LOOKUPS = 1_000;
/** At once: as one node's answers come while others are asked. */
const PARALLEL = 20;
/** Small, so that most lookups take more than one hop, and their answers have to be signed. */
const LEAF_SET_SIZE = 4;

const { values } = parseArgs({ options: { nodes: { type: 'string' }, rounds: { type: 'string' } } });
const nodes = Number(values.nodes ?? 64);
const rounds = Number(values.rounds ?? 7);

/** Believes everything, at once. */
function unproved(scheme: Scheme): Scheme {
  return {
    ringKey: scheme.ringKey,
    certificate: scheme.certificate,
    encoded: scheme.encoded,
    keys: scheme.keys,
    sign: () => 'A'.repeat(86),
    verify: () => true,
    check: (text) => decodeCertificate(text) ?? 'malformed',
  };
}

async function openRing(authority: Authority, isProved: boolean): Promise<readonly Peer[]> {
  const network = new QuickNetwork();
  const params = { ...DEFAULT_RING_PARAMS, leafSetSize: LEAF_SET_SIZE };
  const peers: Peer[] = [];
  for (let count = 0; count < nodes; count += 1) {
    const credentials = await authority.credentials(randomId() as Id);
    const { certificate } = credentials;
    const sponsor = peers[Math.floor(Math.random() * peers.length)]?.nodeId;
    const askSponsor = async (): Promise<Id | undefined> =>
      peers.find((peer) => peer.nodeId !== certificate.nodeId)?.nodeId;
    const peer = new Peer({
      discovery: { params, nodeId: certificate.nodeId, sponsor, askSponsor, leave: () => undefined },
      links: new QuickLinks(network, certificate),
      credentials: isProved ? credentials : unproved(credentials),
      store: new MemoryBlockStore(),
      settings: new MemorySettings(),
      clock: new SystemClock(),
      sha256,
      seed: count,
      newId: randomId,
      origin: 'https://ring.example',
      calendar: () => Date.now(),
      ringTime: () => Date.now(),
    });
    const active = new Promise<void>((resolve) => {
      peer.subscribe((event) => {
        if (event.type === 'status' && event.status === 'active') resolve();
      });
    });
    await peer.start();
    await active;
    peers.push(peer);
  }
  return peers;
}

/** CPU time of all threads for the lookups, milliseconds; and their mean hops. */
async function lookUpAll(peers: readonly Peer[]): Promise<{ readonly cpuMs: number; readonly hops: number }> {
  let issued = 0;
  let hops = 0;
  const work = async (): Promise<void> => {
    while (issued < LOOKUPS) {
      const peer = peers[issued % peers.length];
      issued += 1;
      const result = await peer?.lookup(randomId());
      hops += result?.hops ?? 0;
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1_000, hops: hops / LOOKUPS };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const authority = await Authority.create();
const rings = { unproved: await openRing(authority, false), proved: await openRing(authority, true) };
const cpu: Record<keyof typeof rings, number[]> = { unproved: [], proved: [] };
const hops: Record<keyof typeof rings, number[]> = { unproved: [], proved: [] };
for (let round = -1; round < rounds; round += 1) {
  for (const name of ['unproved', 'proved'] as const) {
    const figures = await lookUpAll(rings[name]);
    // The first round is for the compiler.
    if (round < 0) continue;
    cpu[name].push(figures.cpuMs);
    hops[name].push(figures.hops);
  }
}
for (const name of ['unproved', 'proved'] as const) {
  console.log(
    `${name}: ${median(cpu[name]).toFixed(0)} ms of CPU for ${LOOKUPS} lookups, ${median(hops[name]).toFixed(2)} hops`,
  );
}
console.log(`ratio: ${(median(cpu.proved) / median(cpu.unproved)).toFixed(2)} (${nodes} nodes, ${rounds} rounds)`);
process.exit(0);
