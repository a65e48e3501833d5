// STUN and TURN servers for the tabs: those the operator named, and for a TURN server with a shared secret an account of
// its own for each tab that ends by itself (draft-uberti-behave-turn-rest, which coturn calls use-auth-secret): no
// password that lasts ever leaves this machine.

import { createHmac } from 'node:crypto';
import type { IceAnswer } from './protocol.ts';

/** How long an account lasts, seconds. Tabs ask for another at half of it; a laptop may sleep for the rest. */
const ACCOUNT_SECONDS = 8 * 60 * 60;

export interface TurnServer {
  readonly urls: readonly string[];
  /** coturn's static-auth-secret. */
  readonly secret: string;
}

export interface IceConfig {
  /** Handed out as they are. */
  readonly iceServers: IceAnswer['iceServers'];
  readonly turn: TurnServer | undefined;
}

/** What one tab gets; `name` tells its account from others in the TURN server's log. */
export function iceAnswer({ iceServers, turn }: IceConfig, name: string, calendarMs: number): IceAnswer {
  if (turn === undefined) return { iceServers };
  const username = `${Math.floor(calendarMs / 1000) + ACCOUNT_SECONDS}:${name}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return {
    iceServers: [...iceServers, { urls: [...turn.urls], username, credential }],
    iceSeconds: ACCOUNT_SECONDS,
  };
}
