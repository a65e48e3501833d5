// What of the requests that a browser shows to the page worker is the worker's: the page itself, the files of its build, and what
// other apps share. All else goes to the server as if there were no worker: sockets, monitors' questions, downloads, and the pages of
// rings whose addresses are below this one's.

export type Asked = 'page' | 'part' | 'share';

/** Below the page's folder; the web app manifest names it (client/bundle/web-app.ts). */
const SHARE_TARGET = 'share-target';

/** Undefined: it is not the worker's. `scope`: the address of the page's folder; `parts`: the build's files, below it. */
export function whatIsAsked(
  { method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>,
  scope: string,
  parts: ReadonlySet<string>,
): Asked | undefined {
  const [address = ''] = url.split(/[?#]/, 1);
  if (!address.startsWith(scope)) return undefined;
  const path = address.slice(scope.length);
  if (method === 'POST') return mode === 'navigate' && path === SHARE_TARGET ? 'share' : undefined;
  if (method !== 'GET') return undefined;
  if (mode === 'navigate') return path === '' || path === 'index.html' ? 'page' : undefined;
  return parts.has(path) ? 'part' : undefined;
}
