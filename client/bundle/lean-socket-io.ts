// A Vite plugin that leaves out of Socket.IO's client what no peer here uses: listeners to everything, packets that are sent
// until they are acknowledged, flags of packets, its parser of addresses, and what its other parsers do in browsers older than any in which the page runs.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { withoutMethods } from './without-methods.ts';

const UNUSED_METHODS = [
  '_addToQueue',
  '_drainQueue',
  'compress',
  'onAny',
  'close',
  'disconnected',
  'send',
  'volatile',
  'prependAny',
  'offAny',
  'listenersAny',
  'onAnyOutgoing',
  'prependAnyOutgoing',
  'offAnyOutgoing',
  'listenersAnyOutgoing',
  'notifyOutgoingListeners',
];

const PARSERS = /\/node_modules\/(?:engine|socket)\.io-parser\/build\/esm\//;
/** What every browser has that has WebRTC. */
const KNOWN_TO_BE_THERE = /typeof (?:ArrayBuffer(?:\.isView)?|Blob|File) === "function"/g;

export function leanSocketIo(): Plugin {
  return {
    name: 'lean-socket-io',
    enforce: 'pre',
    resolveId(source, importer) {
      const isItsUrl = source === './url.js' && importer?.endsWith('/node_modules/socket.io-client/build/esm/index.js');
      return isItsUrl === true ? fileURLToPath(new URL('lean/socket-url.ts', import.meta.url)) : undefined;
    },
    transform(code, id) {
      if (PARSERS.test(id)) return { code: code.replaceAll(KNOWN_TO_BE_THERE, 'true'), map: null };
      if (!id.endsWith('/node_modules/socket.io-client/build/esm/socket.js')) return undefined;
      return { code: withoutMethods(this, code, UNUSED_METHODS, '    '), map: null };
    },
  };
}
