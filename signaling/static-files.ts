// Serves the built page: GET and HEAD for the files of one folder, nothing above or hidden in it.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const TYPE_BY_EXTENSION = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
]);

/** Vite puts a digest of its bytes in the name of each file here: it never changes. One year, the longest in use. */
const HASHED_FOLDER = 'assets';
const CACHE_FOREVER = 'public, max-age=31536000, immutable';
/** Everything else is asked for again each time, and answered with 304 if it is the same. */
const CACHE_CHECKED = 'no-cache';

/** Answers a request for a page or asset. Rejects on faults of the disk other than a missing file. */
export async function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answerText(response, 405, 'Only GET and HEAD are understood here.');
    return;
  }
  const segments = pathSegments(request.url ?? '/');
  if (segments === undefined) {
    answerText(response, 400, 'The address is malformed.');
    return;
  }
  const path = join(root, ...(segments.length === 0 ? ['index.html'] : segments));
  const file = await statFile(path);
  if (file === undefined) {
    const isPage = segments.length === 0;
    answerText(response, 404, isPage ? 'The page is not built yet: run "npm run build".' : 'Not found.');
    return;
  }
  // Size and time of change identify a build's file; a digest would cost a read for each request.
  const etag = `"${file.size.toString(16)}-${Math.trunc(file.mtimeMs).toString(16)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', segments[0] === HASHED_FOLDER ? CACHE_FOREVER : CACHE_CHECKED);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPE_BY_EXTENSION.get(extname(path)) ?? 'application/octet-stream',
    'Content-Length': file.size,
  });
  if (request.method === 'HEAD') response.end();
  else await sendBytes(path, file.size, response);
}

/** Answers with one line of text. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

/** The parts of a request's path; undefined if any of them could lead out of the folder or to a hidden file. */
function pathSegments(url: string): string[] | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  if (!path.startsWith('/') || /[\0\\:]/.test(path)) return undefined;
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.some((segment) => segment.startsWith('.')) ? undefined : segments;
}

async function statFile(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function sendBytes(path: string, size: number, response: ServerResponse): Promise<void> {
  if (size === 0) {
    response.end();
    return;
  }
  try {
    // No further than the length promised, even if a new build replaces the file meanwhile.
    await pipeline(createReadStream(path, { end: size - 1 }), response);
  } catch (error) {
    // A visitor who goes away in the middle is no fault.
    if (!response.destroyed) throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}
