// What the Discovery node's client tells, for a peer of a program: passed on as the peer's own events.

import type { Hello } from '../../../signaling/protocol.ts';
import { ownRelease } from '../../../signaling/release.ts';
import type { SignalingClientEvents } from '../links/signaling-client.ts';
import type { DiscoveryStanding, RefusalReason } from '../peer/api.ts';
import type { Peer } from '../peer/peer.ts';

export interface NewsHooks {
  /** Called with a reason while the first registration takes its time. */
  readonly waiting: (reason: string) => void;
  /** Called with what the user should know. */
  readonly notify: (notice: string) => void;
}

type Listener = Pick<Peer, 'publish' | 'leave' | 'goodbye'>;

export class DiscoveryNews implements SignalingClientEvents {
  readonly #hooks: NewsHooks;
  #peer: Listener | undefined;
  /** That of the Discovery node when it was last told of; at first this program's own. */
  #release = ownRelease();

  constructor(hooks: NewsHooks) {
    this.#hooks = hooks;
  }

  tell(peer: Listener): void {
    this.#peer = peer;
  }

  greeted({ release }: Pick<Hello, 'release'>): void {
    if (release === undefined || release === this.#release) return;
    this.#release = release;
    this.#hooks.notify(
      `the Discovery node runs Tabring ${release}, this program ${ownRelease()}: bring the older of the two up to date`,
    );
  }

  registered(): void {
    this.#pass('registered', '');
  }

  renewed(): void {
    this.#pass('registered', 'it has renewed this node’s certificate');
  }

  away(reason: string): void {
    if (this.#peer === undefined) this.#hooks.waiting(reason);
    else this.#pass('away', reason);
  }

  refused(reason: RefusalReason, message: string): void {
    const words = refusalText(reason, message);
    if (this.#peer === undefined) this.#hooks.waiting(words);
    else this.#pass('refused', words);
  }

  expired(): void {
    this.#pass('expired', '');
  }

  removed(reason: string): void {
    this.#pass('removed', reason === '' ? 'no reason was given' : reason);
    void this.#peer?.leave();
  }

  displaced(): void {
    this.#pass('displaced', '');
    // Two nodes under one id would disturb the ring.
    this.#peer?.goodbye();
  }

  notKept(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.#hooks.notify(
      `the renewed certificate could not be kept, so this node may come back under another id: ${why}`,
    );
  }

  #pass(state: DiscoveryStanding, message: string): void {
    this.#peer?.publish({ type: 'discovery', state, message });
  }
}

/** Why the Discovery node refuses, and what to do; `message` is what it says itself. */
function refusalText(reason: RefusalReason, message: string): string {
  switch (reason) {
    case 'id-taken':
      return 'another node has its id now; this one goes on in the ring and asks again';
    case 'ring-key-changed':
      return 'it proves itself with another key than before, so it was set up anew, or something else answers in its place; this node goes on in its ring, and can be started anew with --accept-ring-key';
    case 'ring-closed':
      return 'the ring’s password was changed, or the invitation taken back; this node goes on in its ring, and can be started anew with the new one';
    case 'version':
      return `it is of another version of Tabring than this program: bring the older of the two up to date (it says: ${message})`;
    case 'other':
      return message;
  }
}
