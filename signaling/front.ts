// What the Discovery node answers over plain HTTP: the page, and how it is. Every answer, also Socket.IO's, gets the headers
// that browsers are told to be strict by, and a visitor under a foreign name gets nothing else.

import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { stripBasePath, withSlash } from './base-path.ts';
import { unknownHost, unknownHostText } from './known-hosts.ts';
import type { Log } from './logging.ts';
import { answerMonitor, type OperationsParts } from './operations.ts';
import { ringOf, ringPath } from './ring-names.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { answerText, serveFile } from './static-files.ts';

export interface FrontParts extends OperationsParts {
  /** The folder of the built page; undefined: no page is served. */
  readonly staticDir: string | undefined;
  /** Names of rings that have a path of their own, below which the same page is. */
  readonly rings: readonly string[];
  readonly isTls: boolean;
  readonly log: Log;
}

/** Answers requests that are not Socket.IO's. */
export function createFront(parts: FrontParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { metrics, log } = parts;
  const tellOfHost = hostTeller(log);
  return (request, response) => {
    const host = unknownHost(request.headers, parts.rules);
    if (host !== undefined) {
      metrics.count('hosts-refused');
      tellOfHost(host);
      answerText(response, 421, unknownHostText(host));
      return;
    }
    answer(request, response, parts).catch((error: unknown) => {
      metrics.count('page-errors');
      const why = error instanceof Error ? error.message : String(error);
      log(`cannot serve ${request.url}: ${why}`, { event: 'page-error', url: request.url ?? '', why });
      if (response.headersSent) response.destroy();
      else answerText(response, 500, 'The page cannot be read.');
    });
  };
}

/** Call it when Socket.IO has its listeners: what is done here comes before them. */
export function prepareRequests(http: HttpServer, { rules, basePath, isTls }: FrontParts): void {
  http.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    setSecurityHeaders(request, response, { ...rules, isTls });
    stripBasePath(request, basePath);
  });
  http.prependListener('upgrade', (request: IncomingMessage) => stripBasePath(request, basePath));
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: FrontParts): Promise<void> {
  const ring = ringOf(request.url ?? '/');
  const isKnown = ring === undefined || parts.rings.includes(ring.name);
  const home = withSlash(request.url ?? '/', ring === undefined ? parts.basePath : ringPath(ring.name));
  if (ring !== undefined) request.url = ring.rest;
  if (!isKnown) {
    answerText(response, 404, 'There is no ring of this name here: look at the address again, or ask who sent it.');
  } else if (home !== undefined) {
    response.writeHead(308, { Location: ring === undefined ? home : `${parts.basePath}${home}` }).end();
  } else if (await answerMonitor(request, response, parts)) {
    return;
  } else if (parts.staticDir === undefined) {
    answerText(response, 404, 'Not found.');
  } else {
    await serveFile(parts.staticDir, request, response);
  }
}

/** Says once that somebody came under a foreign name: it may be the operator's own, and strangers fill no log. */
function hostTeller(log: Log): (host: string) => void {
  let isTold = false;
  return (host) => {
    if (isTold) return;
    isTold = true;
    log(unknownHostText(host), { event: 'unknown-host', host });
  };
}
