// Reads a file out of the directories of peers, with nothing but Node's own modules, by docs/format.md: that the format is what
// is written there. `node reader.mjs <link> <directory>…` writes the file's bytes to standard output.

import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The files of a folder, by path; empty folders as undefined. */
export function readFolder(link, directories) {
  const { folder, bytes } = readFile(link, directories);
  const lines = bytes
    .subarray(folder.listAt, folder.listAt + folder.listBytes)
    .toString()
    .split('\n')
    .slice(0, -1);
  const byPath = {};
  let offset = 0;
  for (const line of lines.map((text) => JSON.parse(text))) {
    if (line.folder !== undefined) byPath[line.folder] = undefined;
    if (line.path !== undefined) byPath[line.path] = bytes.subarray(offset, offset + line.size);
    offset += line.size ?? line.gap ?? 0;
  }
  return byPath;
}

export function readFile(link, directories) {
  const [, fileId, fileKey] = /#\/f\/([0-9a-f]{64})(?:\.([\w-]{43}))?$/.exec(link);
  const blocks = blocksIn(directories);
  const block = (digest) => {
    const bytes = blocks.get(digest);
    if (bytes === undefined) throw new Error(`no block ${digest}`);
    return bytes;
  };
  const secret = fileKey === undefined ? undefined : Buffer.from(fileKey, 'base64url');
  const stored = block(fileId);
  const manifest = JSON.parse(secret === undefined ? stored : openManifest(secret, stored));
  const { name, type, size, folder } = manifest;
  if (manifest.inline !== undefined) return { name, type, size, folder, bytes: Buffer.from(manifest.inline, 'base64') };
  const segments = manifest.segments.map((digest, index, all) => {
    const sealed = block(digest);
    return secret === undefined ? sealed : openSegment(secret, sealed, index, index === all.length - 1);
  });
  return { name, type, size, folder, bytes: Buffer.concat(segments) };
}

function openManifest(secret, stored) {
  const padded = open(secret, 'tabring file manifest 1', stored.subarray(0, NONCE_BYTES), stored.subarray(NONCE_BYTES));
  return padded.subarray(4, 4 + padded.readUInt32BE(0));
}

function openSegment(secret, sealed, index, isLast) {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeBigUInt64BE(BigInt(index), 3);
  nonce[11] = isLast ? 1 : 0;
  return open(secret, 'tabring file content 1', nonce, sealed);
}

function open(secret, about, nonce, sealed) {
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), about, 32));
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** Whatever file below holds bytes of a digest is that block, whatever it is called. */
function blocksIn(directories) {
  const blocks = new Map();
  const walk = (directory) => {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (statSync(path).isDirectory()) walk(path);
      else {
        const bytes = readFileSync(path);
        blocks.set(createHash('sha256').update(bytes).digest('hex'), bytes);
      }
    }
  };
  for (const directory of directories) walk(directory);
  return blocks;
}
