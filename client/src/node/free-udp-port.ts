// A UDP port that nobody on this machine uses at present.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Another socket may get it before it is used, which is unlikely: the system chooses among many thousands. */
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
