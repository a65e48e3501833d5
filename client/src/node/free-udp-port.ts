// A UDP port that nobody on this machine uses at present.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Another process may take it before it is used: the system gives the same port again only after all others. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  try {
    socket.bind(0);
    await once(socket, 'listening');
    return socket.address().port;
  } finally {
    socket.close();
  }
}
