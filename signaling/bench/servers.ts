// A process with one server to be measured: a Discovery node, alone or on the Redis of others, or a bare Socket.IO server that
// answers all at once. Tells its parent where it listens, and what memory and processor it takes when it is asked.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { openRing } from '../ring.ts';
import { startDiscoveryNode } from '../server.ts';

export interface ServerTask {
  readonly kind: 'discovery' | 'echo';
  /** The ring's key: the same for all that share a Redis. */
  readonly ringKeyPath: string;
  readonly redis?: string | undefined;
}

/** Of the whole process so far. */
export interface Burden {
  readonly bytes: number;
  /** Of the processor: the same on a busy machine, where everything takes longer. */
  readonly cpuMs: number;
}

const [, , json = ''] = process.argv;
// Only stage.ts starts this, with a ServerTask.
const task: ServerTask = JSON.parse(json);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  const burden: Burden = { bytes: process.memoryUsage().rss, cpuMs: (user + system) / 1_000 };
  process.send?.(burden);
});
process.send?.(task.kind === 'echo' ? await startEcho() : await startDiscovery(task));

async function startDiscovery({ ringKeyPath, redis }: ServerTask): Promise<string> {
  // The crowd says by X-Forwarded-For from where it comes.
  const visitors = { allowedOrigins: [], trustProxy: true };
  const seconds = (): number => Math.floor(Date.now() / 1000);
  const ring = await openRing(ringKeyPath, { seconds, tell: () => undefined });
  return (await startDiscoveryNode({ host: '127.0.0.1', visitors, ring, redis })).url;
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
