// Which kinds of addresses the two ends of an attempt named (RFC 8445, section 5.1.1): what can be said when no path was
// found, and what would help.

/** In words, in the order in which they are tried. */
const WORDS_BY_KIND: ReadonlyMap<string, string> = new Map([
  ['host', 'own addresses'],
  ['srflx', 'a public address'],
  ['prflx', 'an address found on the way'],
  ['relay', 'a TURN server'],
]);

export class CandidateKinds {
  readonly #kinds = new Set<string>();

  /** Takes a candidate line of the SDP grammar. */
  add(candidate: string): void {
    const kind = / typ (\w+)/.exec(candidate)?.[1];
    if (kind !== undefined && WORDS_BY_KIND.has(kind)) this.#kinds.add(kind);
  }

  has(kind: 'host' | 'srflx' | 'relay'): boolean {
    return this.#kinds.has(kind);
  }

  get isEmpty(): boolean {
    return this.#kinds.size === 0;
  }

  toString(): string {
    const words = [...WORDS_BY_KIND].flatMap(([kind, text]) => (this.#kinds.has(kind) ? [text] : []));
    return words.length === 0 ? 'nothing' : words.join(', ');
  }
}

/**
 * What happened and what would help, for people, when ICE found no path. `turnAdvice`: what is to be said where
 * this end has reached no TURN server.
 */
export function iceAdvice(local: CandidateKinds, remote: CandidateKinds, turnAdvice?: string): string {
  const seen = `(This tab offered ${local}; the other ${remote}.)`;
  if (local.isEmpty) return `This browser named no network address: is WebRTC blocked, or the network off? ${seen}`;
  if (remote.isEmpty)
    return `The other tab named no network address: its signals were lost or its network is off. ${seen}`;
  if (turnAdvice !== undefined && !local.has('relay')) return `${turnAdvice} ${seen}`;
  if (local.has('relay') || remote.has('relay')) {
    return `Not even over the TURN server: ask the operator whether it runs and may be reached. ${seen}`;
  }
  if (local.has('srflx') && remote.has('srflx')) {
    return `The routers in between let no direct path through: a TURN server is needed, or --relay: ask the operator. ${seen}`;
  }
  return `Outside one local network a STUN server is needed, behind strict routers a TURN server is needed, or --relay: ask the operator. ${seen}`;
}
