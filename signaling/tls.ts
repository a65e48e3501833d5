// The certificate with which the Discovery node serves https: the operator's own, or one made on the spot. Browsers
// give a page on a LAN address its encryption and storage functions only over https.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { lanAddresses } from './lan.ts';

/** Where TLS comes from: files of a certificate and its key, or one that nobody has signed. */
export type TlsChoice =
  | { readonly type: 'files'; readonly cert: string; readonly key: string }
  | { readonly type: 'self-signed' };

export interface Tls {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** SHA-256 of the certificate, as browsers show it. */
  readonly fingerprint: string;
}

/** A certificate and its key cannot be used; the message is one line that says why. */
export class TlsError extends Error {}

/** A self-signed certificate is made anew at each start and is not for keeps. */
const SELF_SIGNED_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Rejects with a TlsError. */
export async function loadTls(choice: TlsChoice): Promise<Tls> {
  const pair = choice.type === 'files' ? await readPair(choice.cert, choice.key) : await selfSigned();
  return { ...pair, fingerprint: new X509Certificate(pair.cert).fingerprint256 };
}

async function readPair(certPath: string, keyPath: string): Promise<{ cert: string; key: string }> {
  // One after the other, so that of two missing files the same one is always named.
  const cert = await read(certPath);
  const key = await read(keyPath);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new TlsError(`${certPath} and ${keyPath} are no certificate and its key, both as PEM: ${messageOf(error)}`);
  }
  return { cert, key };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new TlsError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

async function selfSigned(): Promise<{ cert: string; key: string }> {
  const names = [...new Set(['localhost', hostname()])].map((value) => ({ type: 2, value }) as const);
  const addresses = ['127.0.0.1', '::1', ...lanAddresses()].map((ip) => ({ type: 7, ip }) as const);
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'Tabring' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + SELF_SIGNED_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [...names, ...addresses] },
    ],
  });
  return { cert, key };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
