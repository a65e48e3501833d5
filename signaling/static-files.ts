// Serves the built page: GET and HEAD for the files of one folder, in the form that was compressed at build time if the visitor
// takes it. @fastify/send reads files and judges paths and conditions; which form, and what is said in words, is decided here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import send, { type FileSendResult, type SendResult } from '@fastify/send';

/** Best first; client/bundle/precompress.ts writes them beside the files. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Vite puts a digest of its bytes in the name of each file here: it never changes. One year, the longest in use. */
const HASHED_FOLDER = '/assets/';
const CACHE_FOREVER = 'public, max-age=31536000, immutable';
/** Everything else is asked for again each time, and answered with 304 if it is the same. */
const CACHE_CHECKED = 'no-cache';

/** Answers a request for a page or asset. Rejects on faults of the disk other than a missing file. */
export async function serveFile(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    answerText(response, 405, 'Only GET and HEAD are understood here.');
    return;
  }
  const asked = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const isPage = asked === '/';
  const path = isPage ? '/index.html' : asked;
  const { encoding, sent } = await bestForm(root, request, path);
  if (sent.type !== 'file') {
    sent.stream.destroy();
    answerProblem(response, sent, isPage);
    return;
  }
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('Cache-Control', path.startsWith(HASHED_FOLDER) ? CACHE_FOREVER : CACHE_CHECKED);
  if (encoding !== undefined && sent.statusCode === 200) response.setHeader('Content-Encoding', encoding);
  await sendBytes(sent, typeOf(path), response);
}

/** Answers with one line of text. */
export function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(response.req.method === 'HEAD' ? undefined : `${text}\n`);
}

interface Form {
  readonly encoding: string | undefined;
  readonly sent: SendResult;
}

/** The best compressed form that is there and that the visitor takes, else the file as it is. */
async function bestForm(root: string, request: IncomingMessage, path: string): Promise<Form> {
  // No ranges: the largest file is some hundred KB, and a part of a compressed form is of no use.
  const options = { root, index: false, acceptRanges: false, cacheControl: false, contentType: false } as const;
  for (const { name, suffix } of ENCODINGS) {
    if (!takes(request.headers['accept-encoding'], name)) continue;
    const sent = await send(request, `${path}${suffix}`, options);
    if (sent.type === 'file') return { encoding: name, sent };
    sent.stream.destroy();
  }
  return { encoding: undefined, sent: await send(request, path, options) };
}

/** Whether a coding is named, and not with the weight 0 (RFC 9110, section 12.5.3). */
function takes(accepted: string | string[] | undefined, name: string): boolean {
  return String(accepted ?? '')
    .split(',')
    .some((part) => {
      const [coding = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
      return coding === name && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });
}

function answerProblem(response: ServerResponse, sent: Exclude<SendResult, FileSendResult>, isPage: boolean): void {
  if (sent.type === 'error' && sent.statusCode >= 500) throw sent.metadata.error;
  if (sent.statusCode === 400) answerText(response, 400, 'The address is malformed.');
  else if (sent.statusCode === 412) answerText(response, 412, 'The file is another one now.');
  else answerText(response, 404, isPage ? 'The page is not built yet: run "npm run build".' : 'Not found.');
}

function typeOf(path: string): string {
  const type = send.mime.getType(path) ?? 'application/octet-stream';
  return send.isUtf8MimeType(type) ? `${type}; charset=utf-8` : type;
}

async function sendBytes(sent: FileSendResult, type: string, response: ServerResponse): Promise<void> {
  response.writeHead(
    sent.statusCode,
    sent.statusCode === 200 ? { ...sent.headers, 'Content-Type': type } : sent.headers,
  );
  try {
    await pipeline(sent.stream, response);
  } catch (error) {
    // A visitor who goes away in the middle is no fault.
    if (!response.destroyed) throw error;
  }
}
