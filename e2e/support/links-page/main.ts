// A page that is one end of links and nothing else: real WebRTC, real Discovery node, commanded by e2e/links.spec.ts.

import { HIGH_WATER_BYTES } from '../../../client/src/links/limits.ts';
import { connectToDiscovery } from '../../../client/src/links/signaling-client.ts';
import { WebRtcLinks } from '../../../client/src/links/webrtc-links.ts';
import { leaseBrowserIdentity } from '../../../client/src/stores/browser-identity.ts';
import type { IdentityLease } from '../../../client/src/stores/identity.ts';
import { LinkProbe } from '../../../client/test/contracts/link-probe.ts';

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

window.leaseIdentity = leaseBrowserIdentity;
const discovery = await connectToDiscovery({
  url: location.origin,
  wantedId: new URLSearchParams(location.search).get('id') ?? undefined,
  secret: sessionStorage.getItem('secret') ?? undefined,
  device: 'test',
  events: {
    registered: () => undefined,
    away: (message) => console.warn(message),
    removed: (reason) => console.warn(reason),
    idLost: () => console.warn('id lost'),
  },
});
sessionStorage.setItem('secret', discovery.secret);
const links = new WebRtcLinks({
  self: discovery.nodeId,
  signalling: discovery,
  iceServers: () => discovery.iceServers,
});
const probe = new LinkProbe(links, HIGH_WATER_BYTES);
addEventListener('pagehide', () => links.closeAll());
window.linksPage = { probe, nodeId: discovery.nodeId, counters: () => links.counters };
