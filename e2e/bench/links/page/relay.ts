// Signalling for contenders that bring none of their own: the Discovery node's relay, the same that our links use.

import { isId, type NodeId } from '../../../../client/src/core/pastry/id.ts';
import { connectToDiscovery, type SignalingClient } from '../../../../client/src/links/signaling-client.ts';
import { newcomer } from '../../../../client/test/links/newcomer.ts';

export async function register(): Promise<SignalingClient> {
  const warn = (message: string): void => console.error(message);
  return connectToDiscovery({ ...(await newcomer({ device: 'bench', warn })), url: location.origin });
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
