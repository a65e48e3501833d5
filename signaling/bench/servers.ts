// A process with one server to be measured: a Discovery node, or a bare Socket.IO server that answers all at once. Tells its
// parent where it listens.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { startDiscoveryNode } from '../server.ts';

const [, , kind] = process.argv;
process.send?.(kind === 'echo' ? await startEcho() : await startDiscovery());

async function startDiscovery(): Promise<string> {
  // The crowd says by X-Forwarded-For from where it comes.
  const visitors = { allowedOrigins: [], trustProxy: true };
  return (await startDiscoveryNode({ host: '127.0.0.1', visitors })).url;
}

function startEcho(): Promise<string> {
  const http = createServer();
  const io = new Server(http, { serveClient: false });
  io.on('connection', (socket) => {
    socket.onAny((...parameters: unknown[]) => {
      const answer = parameters.at(-1);
      if (typeof answer === 'function') answer({});
    });
  });
  return new Promise((resolve) => {
    http.listen(0, '127.0.0.1', () => {
      const address = http.address();
      if (address !== null && typeof address === 'object') resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
