// Signalling for contenders that bring none of their own: the Discovery node's relay, the same that our links use.

import { isId, type NodeId } from '../../../../client/src/core/pastry/id.ts';
import { connectToDiscovery, type SignalingClient } from '../../../../client/src/links/signaling-client.ts';

export function register(): Promise<SignalingClient> {
  return connectToDiscovery({
    url: location.origin,
    wantedId: undefined,
    secret: undefined,
    device: 'bench',
    events: {
      registered: () => undefined,
      away: (message) => console.error(message),
      removed: (reason) => console.error(reason),
      idLost: () => console.error('id lost'),
    },
  });
}

/** The id of the tab with this name. */
export function nodeIdOf(name: string, { params }: SignalingClient): NodeId {
  if (!isId(name, params.digits)) throw new Error(`no tab is called ${name}`);
  return name;
}

export interface Relay {
  readonly name: string;
  /** A signal is anything that JSON can hold. */
  send(to: string, signal: object): void;
  /** For one signal after the other; what `heard` gets is what the other end sent. */
  listen<Signal extends object>(heard: (from: string, signal: Signal) => void): void;
}

export async function openRelay(): Promise<Relay> {
  const discovery = await register();
  return {
    name: discovery.nodeId,
    send: (to, signal) => void discovery.send(nodeIdOf(to, discovery), JSON.stringify(signal)),
    listen: (heard) => discovery.listen((from, text) => heard(from, JSON.parse(text))),
  };
}
