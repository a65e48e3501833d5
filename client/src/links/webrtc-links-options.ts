// What a node's WebRtcLinks need from whoever makes them.

import type { NodeId } from '../core/pastry/id.ts';
import type { Credentials } from '../trust/credentials.ts';
import type { Signalling } from './signalling.ts';
import type { Connect, IceServer, WebRtcImplementation } from './webrtc-connection.ts';

export interface WebRtcLinksOptions {
  readonly self: NodeId;
  /** This node's, of the same id. */
  readonly credentials: Credentials;
  /** The Discovery node's relay. The ring beside it is the driver's (LinkEvents.carry). */
  readonly signalling: Signalling;
  /** The Discovery node has named this node, as a sponsor: then it exists, and need not be called. Default: none. */
  readonly isNamed?: (peer: NodeId) => boolean;
  /** All STUN and TURN servers there are now, asked for each link: none is assumed, and their passwords change. */
  readonly iceServers: () => readonly IceServer[];
  /** Default: the browser's own WebRTC. */
  readonly webRtc?: WebRtcImplementation | undefined;
  /** Default: simple-peer. Tests give another. */
  readonly connect?: Connect;
  /** A new random attempt id of 16 hex characters. Default: from crypto.getRandomValues. */
  readonly newAttempt?: () => string;
  /** Milliseconds on a clock that only moves forward. Default: performance.now(). */
  readonly now?: () => number;
}
