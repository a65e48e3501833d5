// A Vite plugin that leaves out of Socket.IO's client what no peer here uses: listeners to everything, packets that are sent
// until they are acknowledged, and flags of packets.

import type { Plugin } from 'vite';
import { withoutMethods } from './without-methods.ts';

const UNUSED_METHODS = [
  '_addToQueue',
  '_drainQueue',
  'compress',
  'onAny',
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

export function leanSocketIo(): Plugin {
  return {
    name: 'lean-socket-io',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/node_modules/socket.io-client/build/esm/socket.js')) return undefined;
      return { code: withoutMethods(this, code, UNUSED_METHODS, '    '), map: null };
    },
  };
}
