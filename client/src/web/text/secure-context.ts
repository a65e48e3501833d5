// What a page on an insecure origin (plain http, not localhost) lacks, and how to get it. Pure.

export interface Capabilities {
  readonly secure: boolean;
  readonly webrtc: boolean;
  readonly indexedDb: boolean;
}

/** A warning for the page, or undefined if nothing is missing. */
export function insecureWarning(capabilities: Capabilities, host: string): string | undefined {
  if (capabilities.secure) return undefined;
  return `This page came over plain http (${host}), which browsers call an insecure origin. It works, but without the browser's fast hashing, without its promise to keep stored data when the disk fills up, and without locks between tabs, so that a tab which was closed cannot come back with what it held. To have them, open the page over https, or on this computer as http://localhost.`;
}

/** What this browser lacks altogether, so that a peer cannot run; undefined if it can. */
export function unsupportedBrowser(capabilities: Capabilities): string | undefined {
  const missing: string[] = [];
  if (!capabilities.webrtc) missing.push('WebRTC (direct links to other tabs)');
  if (!capabilities.indexedDb) missing.push('IndexedDB (storage)');
  if (missing.length === 0) return undefined;
  return `This browser offers no ${missing.join(' and no ')}, or a setting or extension switched it off. Allow it, or open the page in a current Chrome, Edge, Firefox or Safari.`;
}
