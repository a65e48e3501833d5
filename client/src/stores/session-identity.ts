// An identity where tabs cannot lock anything, as on an insecure origin. Nobody knows there which identities are in use, so a
// tab has its own, in its session. It is taken out while in use and put back at the end of the page, since a duplicated tab
// starts with a copy of the session. Its keys are with it, so that they end with it.

import type { Certificate } from '../trust/certificate.ts';
import { parseStoredKeys } from '../trust/key-store.ts';
import type { OwnKeys } from '../trust/key-suite.ts';
import { type IdentityRecord, isStandIn, isWanted, parseIdentity } from './identity-book.ts';
import {
  certifiedRecord,
  type FormerLife,
  formerLife,
  type IdentityLease,
  type IdentityOptions,
  newName,
  openKeys,
  usableCertificate,
} from './identity-lease.ts';

/** The tab's own note: its whole identity. */
const NOTE = 'tabring:identity';

export class SessionLease implements IdentityLease {
  readonly device: string;
  readonly name: string;
  readonly keys: OwnKeys;
  readonly certificate: string | undefined;
  readonly former: FormerLife | undefined;
  readonly #options: IdentityOptions;
  #record: IdentityRecord | undefined;

  private constructor(
    options: IdentityOptions,
    device: string,
    record: IdentityRecord | undefined,
    { keys, areNew }: { readonly keys: OwnKeys; readonly areNew: boolean },
  ) {
    this.#options = options;
    this.#record = record;
    this.device = device;
    this.name = record?.name ?? newName(options);
    this.keys = keys;
    this.certificate = usableCertificate(options, record, keys);
    this.former = record === undefined ? undefined : formerLife(options, record, !areNew);
  }

  static async take(options: IdentityOptions, device: string): Promise<SessionLease> {
    const note = parseJson(options.session?.get(NOTE));
    options.session?.set(NOTE, undefined);
    const record = parseIdentity(note);
    if (record === undefined || !fits(options, record)) {
      return new SessionLease(options, device, undefined, { keys: await options.suite.create('raw'), areNew: true });
    }
    const stored = typeof note === 'object' && note !== null && 'keys' in note ? parseStoredKeys(note.keys) : undefined;
    const known = await openKeys(options, stored);
    const keys = known ?? (await options.suite.create('raw'));
    return new SessionLease(options, device, record, { keys, areNew: known === undefined });
  }

  get wantedId(): string | undefined {
    return this.former?.nodeId ?? this.#options.wantedId;
  }

  async certified(certificate: Certificate): Promise<void> {
    this.#record = certifiedRecord(this.#options, this.name, certificate);
  }

  release(): void {
    if (this.#record === undefined) return;
    this.#options.session?.set(NOTE, JSON.stringify({ ...this.#record, keys: this.keys.stored }));
  }
}

function fits({ ring, wantedId }: IdentityOptions, record: IdentityRecord): boolean {
  if (record.nodeId.length !== ring.digits) return false;
  return wantedId === undefined || isWanted(record.nodeId, wantedId) || isStandIn(record, wantedId);
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no identity
  }
}
