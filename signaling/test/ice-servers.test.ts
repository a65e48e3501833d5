// Accounts at a TURN server, as coturn's use-auth-secret checks them, and how they reach the tabs.

import { expect, test } from 'vitest';
import { iceAnswer } from '../ice-servers.ts';
import { type ParsedCommandLine, parseCommandLine } from '../options.ts';
import { accepted, refusalCode, register, startBench } from './support.ts';

const CALENDAR_MS = 1_700_000_000_500;
const TURN = { urls: ['turn:turn.test?transport=udp'], secret: 'north' };
/** printf '1700028800:3f2a' | openssl dgst -sha1 -hmac north -binary | base64 */
const ACCOUNT = { urls: TURN.urls, username: '1700028800:3f2a', credential: 'bvvQVqux8Qzf+v2gOYltYijdiN0=' };

test('without a TURN server all tabs get the same, for ever', () => {
  const iceServers = [{ urls: ['stun:stun.test'] }];
  expect(iceAnswer({ iceServers, turn: undefined }, '3f2a', CALENDAR_MS)).toEqual({ iceServers });
});

test('each tab gets an account of its own that ends, signed with the secret, which stays here', () => {
  const stun = { urls: ['stun:stun.test'] };
  const answer = iceAnswer({ iceServers: [stun], turn: TURN }, '3f2a', CALENDAR_MS);
  expect(answer).toEqual({ iceServers: [stun, ACCOUNT], iceSeconds: 28_800 });
  expect(JSON.stringify(answer)).not.toContain(TURN.secret);
});

test('a registered tab is told, and may ask again; a stranger may not', async () => {
  let calendarMs = CALENDAR_MS;
  const bench = await startBench({ turn: TURN, calendar: () => calendarMs });
  try {
    const tab = await bench.connect();
    expect(refusalCode(await tab.emitWithAck('ice-servers'))).toBe('not-registered');
    const registration = await register(tab);
    expect(registration).toMatchObject({ iceSeconds: 28_800 });
    expect(registration.iceServers[0]?.username).toBe(`1700028800:${registration.nodeId}`);
    calendarMs += 3_600_000;
    const again = accepted(await tab.emitWithAck('ice-servers'));
    expect(again.iceServers[0]?.username).toBe(`1700032400:${registration.nodeId}`);
  } finally {
    await bench.close();
  }
});

function options(args: readonly string[], environment = {}): ParsedCommandLine {
  return parseCommandLine(args, environment);
}

test('STUN and TURN servers are options, several of each, or variables', () => {
  const expected = {
    iceServers: [{ urls: ['stun:a.test', 'stuns:b.test:5349'] }],
    turn: { urls: ['turn:a.test?transport=udp', 'turns:a.test?transport=tcp'], secret: 'north' },
  };
  const args = ['--stun', 'stun:a.test', '--stun', 'stuns:b.test:5349', '--turn', 'turn:a.test?transport=udp'];
  const parsed = options([...args, '--turn=turns:a.test?transport=tcp', '--turn-secret', 'north']);
  expect(parsed).toMatchObject({ type: 'run', options: expected });
  const STUN = 'stun:a.test, stuns:b.test:5349';
  const TURN = 'turn:a.test?transport=udp,turns:a.test?transport=tcp';
  expect(options([], { STUN, TURN, TURN_SECRET: 'north' })).toMatchObject({ type: 'run', options: expected });
});

test.each([
  [['--stun', 'stun.test'], '--stun takes a URL such as stun:stun.example.org, not "stun.test"'],
  [['--turn', 'turn:a.test'], '--turn wants --turn-secret too, the static-auth-secret of the TURN server'],
  [['--turn-secret', 'x'], '--turn-secret wants --turn too, the server’s URL'],
  [
    ['--turn', 'turn:a.test?x=1', '--turn-secret', 'x'],
    '--turn takes a URL such as turn:turn.example.org?transport=udp, not "turn:a.test?x=1"',
  ],
])('%j is refused in words', (args, message) => {
  expect(options(args)).toEqual({ type: 'error', message });
});
