// Runs inside a network namespace: starts a browser there and joins it to standard input and output, over which
// Playwright drives it from outside (browser-in.ts). The browser ends with it.

import { once } from 'node:events';
import { connect } from 'node:net';
import { chromium, firefox } from 'playwright';
import { chromiumLaunch } from '../support/chromium.ts';
import { firefoxLaunch } from '../support/firefox.ts';

const [kind, secureOrigin, wsPath] = process.argv.slice(2);
if (secureOrigin === undefined || wsPath === undefined) throw new Error('usage: browser-server.ts kind origin path');
const secure = secureOrigin === '' ? {} : { secureOrigin };

const server =
  kind === 'firefox'
    ? await firefox.launchServer({ ...firefoxLaunch(secureOrigin && new URL(secureOrigin).hostname), wsPath })
    : await chromium.launchServer({ ...chromiumLaunch({ hidesAddresses: true, ...secure }), wsPath });
const { hostname, port } = new URL(server.wsEndpoint());
const socket = connect(Number(port), hostname);
// The browser's driver breaks off when it closes.
socket.on('error', () => socket.destroy());
process.stdin.pipe(socket, { end: false }).pipe(process.stdout);
// The other side is done.
await once(process.stdin, 'end');
await server.close();
process.exit();
