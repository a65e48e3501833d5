// Registers who proves a key, and renews certificates: checks what is claimed, lets the directory decide, and has the
// authority sign what it decided.

import * as v from 'valibot';
import { idFromPrefix, type NodeId } from '../client/src/core/pastry/id.ts';
import type { RingParams } from '../client/src/core/pastry/params.ts';
import type { TokenBucket } from '../client/src/core/token-bucket.ts';
import type { AddressBudgets } from './address-budgets.ts';
import type { Authority, ClaimFault } from './authority.ts';
import { registeredLine, removedLine } from './console.ts';
import type { Directory } from './directory.ts';
import { checkEntry, type EntryRules } from './entry.ts';
import type { IdClaim } from './id-rights.ts';
import type { Log } from './logging.ts';
import type { CounterName, Metrics } from './metrics.ts';
import {
  DISCOVERY_PROTOCOL,
  DISPLACED_MESSAGE,
  type IceAnswer,
  RELOAD_MESSAGE,
  RegisterRequest,
  type Registration,
  type Renewal,
} from './protocol.ts';
import { type Answered, firstIssue, refused } from './refusals.ts';
import type { FullReason, Instant, Registered } from './registration.ts';
import type { Visitor } from './visitors.ts';

export interface RegistrarParts {
  readonly directory: Directory;
  readonly authority: Authority;
  readonly budgets: AddressBudgets;
  readonly params: RingParams;
  /** Undefined: everybody may enter. */
  readonly entry: EntryRules | undefined;
  readonly iceAnswer: (nodeId: NodeId) => IceAnswer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** Before this instant of `now` no id is free for the asking: those who have one are still coming back. */
  readonly choosableFrom: () => number;
  /** Ends a socket whose identity is on another one now; with a reason it is told, and may leave in order. */
  readonly dismiss: (holder: string, reason: string | undefined) => void;
}

/** The socket that asks. */
export interface Asker extends Visitor {
  readonly holder: string;
  /** What it was given to sign; undefined: it has not said hello. */
  readonly challenge: string | undefined;
  /** False once it has gone, or left. */
  readonly isThere: () => boolean;
}

export class Registrar {
  readonly #parts: RegistrarParts;

  constructor(parts: RegistrarParts) {
    this.#parts = parts;
  }

  async register(request: unknown, asker: Asker): Promise<Answered<Registration>> {
    if (isOfOtherVersion(request)) {
      return refused('bad-request', RELOAD_MESSAGE, { counter: 'earlier-version', removal: RELOAD_MESSAGE });
    }
    const { digits } = this.#parts.params;
    const parsed = v.safeParse(RegisterRequest, request);
    if (!parsed.success) return refused('bad-request', `The registration is malformed: ${firstIssue(parsed.issues)}.`);
    const { wantedId: prefix } = parsed.output;
    const wantedId = prefix === undefined ? undefined : idFromPrefix(prefix, digits);
    if (prefix !== undefined && wantedId === undefined)
      return refused('bad-request', `An id of this ring has at most ${digits} hex digits.`);
    // Before anything is done for the asker, and before anything of the ring is told.
    const entered = this.#entered(parsed.output, asker);
    if (entered?.refused !== undefined) return entered;
    const proven = await this.#proven(parsed.output, asker);
    if (proven.refused !== undefined) return proven;
    // A socket that has gone meanwhile must not register: nothing would ever end its registration.
    if (!asker.isThere()) return refused('not-registered', 'The connection has ended.');
    const outcome = await this.#enter(parsed.output, { wantedId, claim: proven.answer.claim }, asker);
    if (outcome.refused !== undefined || entered === undefined) return outcome;
    return { answer: { ...outcome.answer, entry: entered.answer } };
  }

  async renew({ holder, address }: Asker): Promise<Answered<Renewal>> {
    const { directory, authority, metrics } = this.#parts;
    const peer = directory.peerByHolder(holder);
    if (peer === undefined) return refused('not-registered', 'Register first.');
    const tooMany = this.#tooManyProofs(address);
    if (tooMany !== undefined) return tooMany;
    const end = authority.endFor(peer.role);
    await directory.renewed(holder, end);
    metrics.count('renewed');
    return { answer: { certificate: await authority.certify(peer, end), time: authority.seconds } };
  }

  /** Undefined where no proof is wanted. */
  #entered(request: RegisterRequest, { challenge, address }: Asker): Answered<string> | undefined {
    const { entry, authority, budgets, now } = this.#parts;
    if (entry === undefined) return undefined;
    if (challenge === undefined) return NO_HELLO;
    const { wrongEntries } = budgets.of(address);
    return checkEntry(entry, request, { ringKey: authority.ringKey, challenge, wrongEntries, now: now() });
  }

  /** The request's key made it, and the certificate that it shows is its own and this ring's. */
  async #proven(
    request: RegisterRequest,
    { challenge, address }: Asker,
  ): Promise<Answered<{ readonly claim: IdClaim | undefined }>> {
    const { authority } = this.#parts;
    if (challenge === undefined) return NO_HELLO;
    const tooMany = this.#tooManyProofs(address);
    if (tooMany !== undefined) return tooMany;
    if (!(await authority.isProven(challenge, request)))
      return refused('not-proven', 'The signature is not of this key, ring and connection.');
    if (request.certificate === undefined) return { answer: { claim: undefined } };
    const claim = await authority.claimOf(request.certificate, request);
    return typeof claim === 'string' ? refused('not-proven', faultMessage(claim)) : { answer: { claim } };
  }

  async #enter(
    request: RegisterRequest,
    { wantedId, claim }: { readonly wantedId: NodeId | undefined; readonly claim: IdClaim | undefined },
    { holder, address, mayChooseId }: Asker,
  ): Promise<Answered<Registration>> {
    const { directory, authority, budgets, now, choosableFrom } = this.#parts;
    const { role, life, device, signKey, agreeKey } = request;
    const at: Instant = { ms: now(), seconds: authority.seconds };
    const admissions = budgets.of(address).admissions[role];
    const until = authority.endFor(role);
    const outcome = await directory.register(
      {
        ...{ role, life, device, signKey, agreeKey, wantedId, claim, holder, address, until },
        ...{ mayChooseId, mayBeForgotten: at.ms < choosableFrom() },
        admission: { take: () => admissions.take(at.ms), giveBack: () => admissions.giveBack() },
      },
      at,
    );
    switch (outcome.type) {
      case 'refused':
        return outcome.reason === 'taken'
          ? refused('id-taken', `The id ${wantedId ?? ''} is another node’s now.`)
          : refused('id-taken', `Over: ${DISPLACED_MESSAGE}.`, { removal: DISPLACED_MESSAGE });
      case 'full':
        return this.#full(outcome.reason, admissions);
      case 'registered': {
        this.#welcome(outcome);
        return { answer: await this.#registration(outcome, until) };
      }
    }
  }

  #welcome({ peer, displaced, gaveUp, refusal }: Registered): void {
    const { directory, metrics, log, dismiss } = this.#parts;
    if (gaveUp?.role === 'node') {
      const [reason, peers] = ['asked for another id', directory.size - (peer.role === 'node' ? 1 : 0)] as const;
      metrics.removed(reason);
      log(removedLine(gaveUp.nodeId, reason, peers), { event: 'removed', nodeId: gaveUp.nodeId, reason, peers });
    }
    if (displaced !== undefined) {
      metrics.count('displaced');
      dismiss(displaced.holder, displaced.isOtherLife ? DISPLACED_MESSAGE : undefined);
    }
    if (refusal !== undefined) metrics.count(refusal);
    const { role, nodeId } = peer;
    metrics.count(role === 'client' ? 'clients' : 'registered');
    if (role === 'node')
      log(registeredLine(nodeId, directory.size), { event: 'registered', nodeId, peers: directory.size });
  }

  async #registration({ peer, refusal, sponsor }: Registered, until: number): Promise<Registration> {
    const { authority, params, iceAnswer } = this.#parts;
    const { nodeId } = peer;
    return {
      nodeId,
      wantedIdGranted: refusal === undefined,
      ...(refusal === undefined ? {} : { refusal }),
      certificate: await authority.certify(peer, until),
      time: authority.seconds,
      params,
      ...(sponsor === undefined ? {} : { sponsor }),
      ...iceAnswer(nodeId),
    };
  }

  #full(reason: FullReason, admissions: TokenBucket): Answered<never> {
    switch (reason) {
      case 'peers':
        return refused('rate-limited', 'The Discovery node has as many tabs as it can bear. Try again later.');
      case 'address':
        return refused(
          'rate-limited',
          'Too many tabs are registered from your network address. Close some, then try again.',
        );
      case 'ids':
        return refused(
          'rate-limited',
          `All ids of ${this.#parts.params.digits} hex digits are taken. Close some tabs, then try again.`,
        );
      case 'admissions':
        return this.#later('Too many new nodes have come from your network address.', admissions, 'admissions-used-up');
    }
  }

  #tooManyProofs(address: string): Answered<never> | undefined {
    const { budgets, now } = this.#parts;
    const { proofs } = budgets.of(address);
    return proofs.take(now()) ? undefined : this.#later('Too many registrations from your network address.', proofs);
  }

  /** Says when to come again. */
  #later(problem: string, bucket: TokenBucket, counter: CounterName = 'rate-limited'): Answered<never> {
    const retrySeconds = Math.max(1, bucket.secondsUntilNext(this.#parts.now()));
    const wait = retrySeconds === 1 ? 'a second' : `${retrySeconds} seconds`;
    return refused('rate-limited', `${problem} Come again in ${wait}.`, { counter, retrySeconds });
  }
}

const NO_HELLO = refused('bad-request', 'Say hello first, and sign its challenge.');

/** Version 1 named none. What is no object at all is no page's. */
function isOfOtherVersion(request: unknown): boolean {
  if (typeof request !== 'object' || request === null || !('device' in request)) return false;
  return !('version' in request) || request.version !== DISCOVERY_PROTOCOL;
}

function faultMessage(fault: ClaimFault): string {
  switch (fault) {
    case 'malformed':
      return 'The certificate cannot be read.';
    case 'foreign':
      return 'The certificate is not signed with this ring’s key.';
    case 'other-keys':
      return 'The certificate is of another key.';
    case 'other-role':
      return 'The certificate is for another role.';
  }
}
