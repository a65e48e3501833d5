// A page that is one end of links and nothing else: real WebRTC, real Discovery node, commanded by e2e/links.spec.ts. All such
// pages are of one ring, whose key is known to the tests.

import { HIGH_WATER_BYTES } from '../../../client/src/links/limits.ts';
import { connectToDiscovery } from '../../../client/src/links/signaling-client.ts';
import { WebRtcLinks } from '../../../client/src/links/webrtc-links.ts';
import { leaseBrowserIdentity } from '../../../client/src/stores/browser-identity.ts';
import type { IdentityLease } from '../../../client/src/stores/identity-lease.ts';
import { parseStoredKeys } from '../../../client/src/trust/key-store.ts';
import { keySuite, type OwnKeys } from '../../../client/src/trust/key-suite.ts';
import { LinkProbe } from '../../../client/test/contracts/link-probe.ts';
import { SwappingSignalling } from '../../../client/test/contracts/swapping-signalling.ts';
import { newcomer } from '../../../client/test/links/newcomer.ts';
import { Authority } from '../../../client/test/trust/authority.ts';

interface LinksPage {
  readonly probe: LinkProbe;
  readonly nodeId: string;
  counters(): Readonly<Record<string, number>>;
}

declare global {
  interface Window {
    /** Set once registered. */
    linksPage?: LinksPage;
    /** At once. */
    leaseIdentity: (wantedId: string | undefined) => Promise<IdentityLease>;
  }
}

const suite = await keySuite();
window.leaseIdentity = (wantedId) =>
  leaseBrowserIdentity(location.origin, suite, { key: 'a ring', digits: 32 }, wantedId);
const discovery = await connectToDiscovery({
  ...(await newcomer({
    wantedId: new URLSearchParams(location.search).get('id') ?? undefined,
    keys: await sessionKeys(),
    warn: (message) => console.warn(message),
  })),
  url: location.origin,
});
const authority = await Authority.fixed();
const relay = new SwappingSignalling(discovery);
const links = new WebRtcLinks({
  self: discovery.nodeId,
  // Each load of the page is a later life.
  credentials: await authority.credentials(discovery.nodeId, { epoch: Date.now() }),
  signalling: relay,
  iceServers: () => discovery.iceServers,
});
const probe = new LinkProbe(links, HIGH_WATER_BYTES, relay);
addEventListener('pagehide', () => links.closeAll());
window.linksPage = { probe, nodeId: discovery.nodeId, counters: () => links.counters };

/** Those that the test gave to this page's id, and so with the right to it, or new ones. */
async function sessionKeys(): Promise<OwnKeys> {
  const stored = parseStoredKeys(JSON.parse(sessionStorage.getItem('keys') ?? 'null'));
  return stored === undefined ? suite.create('raw') : suite.open(stored);
}
