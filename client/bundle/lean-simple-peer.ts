// A Vite plugin that gives simple-peer, and nobody else, leaner forms of what it takes from Node, no debug lines, and
// nothing for sound and pictures, which no peer here sends or takes: with readable-stream and buffer it would be 28 of the 120 KB that
// a page may load at first. In Node it has the real ones.

import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { withoutMethods } from './without-methods.ts';

const LEAN: Readonly<Record<string, string>> = {
  'readable-stream': 'duplex.ts',
  buffer: 'buffer.ts',
  debug: 'debug.ts',
  randombytes: 'randombytes.ts',
  'get-browser-rtc': 'get-browser-rtc.ts',
};

/** Servers that are asked if none are given, as they always are here: nobody's page is to name them. */
const FOREIGN_SERVERS = /^ {2}iceServers: \[\n(?:.*\n)*? {2}\],$/m;

/** A statement of its own, which says to nobody what happens. */
const DEBUG_LINE = /^ *this\._debug\([^\n]*\)$/m;

/**
 * Methods for sound and pictures; a track that comes all the same is left alone. For being written to as a stream, which has its
 * own buffer, and for descriptions that wait for all candidates: client/src/links does neither. What tells of a connection what nobody asks. And three
 * that links has its own for.
 */
const UNUSED_METHODS = [
  'addStream',
  'addTrack',
  'replaceTrack',
  'removeTrack',
  'removeStream',
  '_onTrack',
  'addTransceiver',
  '_requestMissingTransceivers',
  '_write',
  '_onFinish',
  '_onChannelBufferedAmountLow',
  '_onInterval',
  '_startIceCompleteTimeout',
  'address',
  'bufferSize',
  'connected',
  'getStats',
  '_debug',
  '_maybeReady',
  '_onChannelMessage',
];

export function leanSimplePeer(): Plugin {
  return {
    name: 'lean-simple-peer',
    enforce: 'pre',
    resolveId(source, importer) {
      const lean = LEAN[source];
      if (lean === undefined || importer?.includes('/node_modules/simple-peer/') !== true) return undefined;
      return fileURLToPath(new URL(`lean/${lean}`, import.meta.url));
    },
    transform(code, id) {
      if (!id.endsWith('/node_modules/simple-peer/index.js')) return undefined;
      if (!DEBUG_LINE.test(code)) this.error('simple-peer has no debug lines any more: take their removal out');
      if (!FOREIGN_SERVERS.test(code)) this.error('simple-peer names no servers any more: take their removal out');
      const silent = code.replaceAll(new RegExp(DEBUG_LINE, 'gm'), '').replace(FOREIGN_SERVERS, '  iceServers: [],');
      return { code: withoutMethods(this, silent, UNUSED_METHODS, '  '), map: null };
    },
  };
}
