// What is signed, as text. A statement names its kind and its ring, so that a signature made for one purpose or one ring
// is worth nothing for another; JSON keeps its parts apart, whatever they contain.

/**
 * certificate: by the ring's key, of a node. registration: by a node's key, to the Discovery node. signal: an offer, answer
 * or call between two nodes. answer: by the node that answers a routed request. order: by who stores a block. receipt: by
 * who holds it. lease: by a file's owner, whose key was made for this file. entry: by whoever knows a closed ring's secret.
 */
export type StatementKind =
  | 'certificate'
  | 'registration'
  | 'signal'
  | 'answer'
  | 'order'
  | 'receipt'
  | 'lease'
  | 'entry';

/** `ringKey` is the ring's public key, base64url: it names the ring. */
export function statement(kind: StatementKind, ringKey: string, parts: readonly (string | number | null)[]): string {
  return JSON.stringify(['tabring 2', kind, ringKey, ...parts]);
}

/** What a proof of entry is about: this ring, this connection, this node. */
export function entryStatement(ringKey: string, challenge: string, signKey: string): string {
  return statement('entry', ringKey, [challenge, signKey]);
}
