// A browser in a network namespace, driven from outside of it: its driver's socket comes in over standard input and output
// of a process in there (browser-server.ts), so that no network path is opened which the browser could find.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, firefox } from 'playwright/test';
import { within } from './namespaces.ts';

const SERVER = fileURLToPath(new URL('browser-server.ts', import.meta.url));
const WS_PATH = '/browser';
/** A browser starts in two seconds, Firefox in eight; on a busy machine as long as Playwright waits by itself, milliseconds. */
const START_MS = 180_000;

export type BrowserKind = 'chromium' | 'firefox';

/** `secureOrigin`: an http origin that is to have what only https gives; without it none has. */
export async function startBrowserIn(namespace: string, kind: BrowserKind, secureOrigin = ''): Promise<Browser> {
  const [command, ...args] = [
    ...within(namespace),
    process.execPath,
    '--import',
    'tsx',
    SERVER,
    kind,
    secureOrigin,
    WS_PATH,
  ];
  const door = createServer((socket) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    // Both ends may break off at any time, and the other then ends too.
    for (const stream of [socket, child.stdin, child.stdout]) stream.on('error', () => socket.destroy());
    child.on('close', () => socket.destroy());
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const address = door.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  try {
    const type = kind === 'firefox' ? firefox : chromium;
    return await type.connect(`ws://127.0.0.1:${address.port}${WS_PATH}`, { timeout: START_MS });
  } finally {
    door.close();
  }
}
