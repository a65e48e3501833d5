// A Discovery node below a path of another site, such as /tabring: some proxies take the path off before they hand a request
// on, others leave it. Both are understood: it is taken off here where it is still there.

import type { IncomingMessage } from 'node:http';

/** Takes the base path off a request's address. */
export function stripBasePath(request: Pick<IncomingMessage, 'url'>, basePath: string): void {
  const { url = '/' } = request;
  if (url.startsWith(`${basePath}/`)) request.url = url.slice(basePath.length);
}

/** Where to send a visitor who left the slash at its end away: his page would look for its parts beside it. */
export function withSlash(url: string, basePath: string): string | undefined {
  const rest = url.slice(basePath.length);
  const isBare = basePath !== '' && url.startsWith(basePath) && (rest === '' || rest.startsWith('?'));
  return isBare ? `${basePath}/${rest}` : undefined;
}
