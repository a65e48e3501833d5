// What a registration is: who asks for what, and what becomes of it.

import type { NodeId } from '../client/src/core/pastry/id.ts';
import type { Role } from '../client/src/trust/certificate.ts';
import type { IdClaim } from './id-rights.ts';

export interface Peer {
  /** node: listed, and named as a sponsor. client: a command, which is neither. */
  readonly role: Role;
  readonly nodeId: NodeId;
  /** Of this life of the id: larger than those of all former ones that are known. */
  readonly epoch: number;
  /** Who proved this key has the id. */
  readonly signKey: string;
  readonly agreeKey: string;
  readonly device: string;
  /** Network address, for the bound on tabs of one address. */
  readonly address: string;
  /** The socket that holds this registration. */
  readonly holder: string;
}

export interface RegistrationWish extends Omit<Peer, 'nodeId' | 'epoch'> {
  readonly wantedId: NodeId | undefined;
  readonly claim: IdClaim | undefined;
  /** same: a life that goes on over another socket, of the claim's id and epoch. */
  readonly life: 'new' | 'same';
  readonly mayChooseId: boolean;
  /** No id is free for the asking yet: those who have one are still coming back. */
  readonly mayBeForgotten: boolean;
  /** Seconds since 1970: the end of the certificate that is to be made. */
  readonly until: number;
  readonly admission: Admission;
}

/** For an identity that is new here: whether its address may bring one more. */
export interface Admission {
  /** Takes the place of one; false: there is none. */
  readonly take: () => boolean;
  /** The identity turned out not to be new, or came to nothing. */
  readonly giveBack: () => void;
}

/** One instant on two clocks. */
export interface Instant {
  /** Milliseconds on a clock that only moves forward. */
  readonly ms: number;
  /** Seconds since 1970: the ring's time. */
  readonly seconds: number;
}

export type FullReason = 'peers' | 'address' | 'ids' | 'admissions';

export interface Registered {
  readonly type: 'registered';
  readonly peer: Peer;
  /** Why a wanted id was not given, so that another one was assigned. */
  readonly refusal: 'taken' | 'not-allowed' | undefined;
  readonly sponsor: NodeId | undefined;
  /** The socket that this key was registered on until now. */
  readonly displaced: { readonly holder: string; readonly isOtherLife: boolean } | undefined;
  /** What this very socket had registered before, another id or key. */
  readonly gaveUp: Peer | undefined;
}

export type RegistrationOutcome =
  | Registered
  /** A life that should go on cannot. taken: the id is another key's. superseded: the same key has begun a later life of it. */
  | { readonly type: 'refused'; readonly reason: 'taken' | 'superseded' }
  | { readonly type: 'full'; readonly reason: FullReason };
