// Why a Discovery node cannot be reached, in words, and what to do: asked anew over plain HTTP, since what Socket.IO says of it
// ("xhr poll error") is the same for a name that nobody has and a server that is not running.

import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { systemCode } from '../stores/fs-files.ts';

export interface Unreachable {
  readonly why: string;
  readonly todo: string;
}

/** Somebody waits for the answer, milliseconds. */
const ANSWER_TIMEOUT_MS = 4_000;
/** What a Discovery node says of itself is shorter. */
const MAX_CHARACTERS = 1_000;
const NO_RING = /^There is no ring of this name here/;
/** Of OpenSSL: what answered a greeting of TLS was none. */
const NOT_TLS = /^(EPROTO|ERR_SSL_)/;
/** Of Node: it answered, but with a certificate that is not trusted here. */
const NOT_TRUSTED = /CERT|SIGNATURE/;

type Answer = { readonly status: number; readonly text: string } | { readonly code: string };

/** `server`: its address, or that of a ring there. Undefined if nothing is wrong that can be seen from here. */
export async function whyUnreachable(server: string, signal: AbortSignal): Promise<Unreachable | undefined> {
  const url = new URL(`${server}/healthz`);
  const answer = await ask(url, signal);
  if ('status' in answer) return whyRefused(url, answer, signal);
  const { code } = answer;
  const isTls = url.protocol === 'https:';
  if (isTls && NOT_TLS.test(code)) return otherProtocol(server, 'http');
  if (isTls && NOT_TRUSTED.test(code))
    return {
      why: `its certificate is not trusted here: ${code}`,
      todo: 'name a file with the certificate of who signed it in the variable NODE_EXTRA_CA_CERTS',
    };
  if (!isTls && (await speaksTls(url, signal))) return otherProtocol(server, 'https');
  return whyNoAnswer(url, code);
}

async function whyRefused(
  url: URL,
  { status, text }: Extract<Answer, { readonly status: number }>,
  signal: AbortSignal,
): Promise<Unreachable | undefined> {
  if (status === 200 && text.includes('"status":"ok"')) return undefined;
  if (status === 404 && NO_RING.test(text))
    return { why: 'there is no ring of this name', todo: 'check the name, or name another with --ring' };
  if (status === 421)
    return {
      why: `it is not to be called ${url.hostname}`,
      todo: 'name it otherwise with --server, or have its operator allow the name with --host-name',
    };
  if (url.protocol === 'http:' && (await speaksTls(url, signal)))
    return otherProtocol(url.href.replace(/\/healthz$/, ''), 'https');
  return {
    why: `what answers there is no Discovery node, or cannot reach it: status ${status}`,
    todo: 'check the address, or name another with --server',
  };
}

function whyNoAnswer({ hostname }: URL, code: string): Unreachable | undefined {
  switch (code) {
    case 'ENOTFOUND':
      return { why: `no host is called ${hostname}`, todo: 'check the name, or name another with --server' };
    case 'EAI_AGAIN':
      return {
        why: `the name ${hostname} cannot be looked up now`,
        todo: 'see whether this machine has a network, or name another with --server',
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        why: 'no way leads there',
        todo: 'see whether this machine has a network, or name another with --server',
      };
    case 'ECONNREFUSED':
      return { why: 'nothing listens there', todo: 'start it with "tabring serve", or name another with --server' };
    default:
      return undefined;
  }
}

function otherProtocol(server: string, protocol: 'http' | 'https'): Unreachable {
  return {
    why: `it speaks ${protocol}`,
    todo: `name it with --server ${server.replace(/^https?/, protocol)}`,
  };
}

async function speaksTls(url: URL, signal: AbortSignal): Promise<boolean> {
  const answer = await ask(new URL(url.href.replace(/^http:/, 'https:')), signal);
  return 'status' in answer || NOT_TRUSTED.test(answer.code);
}

function ask(url: URL, signal: AbortSignal): Promise<Answer> {
  const get = url.protocol === 'https:' ? getHttps : getHttp;
  return new Promise((resolve) => {
    const failed = (error: unknown): void => resolve({ code: systemCode(error) ?? '' });
    const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]), agent: false };
    get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('error', failed);
      response.on('data', (some: string) => {
        if (text.length < MAX_CHARACTERS) text += some;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', failed);
  });
}
