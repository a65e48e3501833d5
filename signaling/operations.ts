// What monitors ask: whether the process lives (/healthz), whether it is of use to newcomers (/readyz), and how it goes
// (/metrics, for this machine or with a token).

import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { MAX_PEERS } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { canonicalAddress } from './networks.ts';
import type { VisitorRules } from './visitors.ts';

export interface OperationsParts {
  readonly metrics: Metrics;
  readonly health: () => { readonly peers: number; readonly uptimeSeconds: number };
  /** Why newcomers should be sent elsewhere; nothing if they are welcome. */
  readonly problems: () => readonly string[];
  readonly rules: VisitorRules;
  readonly basePath: string;
  /** Who shows it may see the metrics from anywhere; undefined: nobody may but from this machine. */
  readonly metricsToken: string | undefined;
}

/** Answers if it is asked for one of these; false otherwise. */
export async function answerMonitor(
  request: IncomingMessage,
  response: ServerResponse,
  parts: OperationsParts,
): Promise<boolean> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const send = (status: number, type: string, text: string): void => {
    response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  switch (request.url) {
    case '/healthz':
      send(200, JSON_TYPE, JSON.stringify({ status: 'ok', ...parts.health() }));
      return true;
    case '/readyz': {
      const problems = parts.problems();
      const isReady = problems.length === 0;
      send(isReady ? 200 : 503, JSON_TYPE, JSON.stringify({ status: isReady ? 'ready' : 'not ready', problems }));
      return true;
    }
    case '/metrics': {
      const { registry } = parts.metrics;
      if (maySeeMetrics(request.headers, request.socket.remoteAddress ?? '', parts))
        send(200, registry.contentType, await registry.metrics());
      else send(403, TEXT_TYPE, 'Metrics are for this machine, or for who shows the token of --metrics-token.\n');
      return true;
    }
    default:
      return false;
  }
}

/** Why newcomers should be sent elsewhere, while so many nodes are registered. */
export function problemsFor(peers: number, staticDir: string | undefined): readonly string[] {
  const isBare = staticDir !== undefined && !existsSync(join(staticDir, 'index.html'));
  return [
    ...(isBare ? ['the page is not built'] : []),
    ...(peers >= MAX_PEERS ? ['it has as many tabs as it can bear'] : []),
  ];
}

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

type Headers = Pick<IncomingMessage, 'headers'>['headers'];

/** `peerAddress`: the far end of the TCP connection. */
export function maySeeMetrics(
  headers: Headers,
  peerAddress: string,
  { metricsToken, rules, basePath }: Pick<OperationsParts, 'metricsToken' | 'rules' | 'basePath'>,
): boolean {
  const shown = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (shown !== undefined) return metricsToken !== undefined && isSame(shown, metricsToken);
  const address = canonicalAddress(peerAddress) ?? '';
  return !isBehindProxy(headers, rules, basePath) && (address === '::1' || address.startsWith('127.'));
}

/** Behind a proxy on this machine everybody seems to come from here; one that says nothing of itself shows in the options. */
function isBehindProxy(headers: Headers, rules: VisitorRules, basePath: string): boolean {
  const { trustProxy, hostNames = [], allowedOrigins } = rules;
  if (trustProxy || hostNames.length > 0 || allowedOrigins.length > 0 || basePath !== '') return true;
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].some((name) => name in headers);
}

/** Takes as long whatever is shown. */
function isSame(shown: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}
