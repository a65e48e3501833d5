// Which ring answers at which address: a profile or a peer's directory remembers the ring's public key from its first visit,
// so that it notices when another ring, or somebody who would like to be taken for it, answers there.

import * as v from 'valibot';
import { PeerError } from '../peer/errors.ts';
import type { Settings } from '../peer/ports.ts';

/** Of the setting: part of the format on disk. */
const RING_KEYS = 'ring-keys';
/** Discovery nodes that one profile or directory remembers; the page of a browser meets only its own. */
const MAX_PINS = 64;
/** Characters of a key that are shown to people who compare two. */
const SHOWN_CHARACTERS = 12;

const pinsSchema = v.array(v.object({ server: v.string(), ringKey: v.string() }));
type Pin = v.InferOutput<typeof pinsSchema>[number];

/** The Discovery node has another key than at the first visit. To be told to the user, who may accept it. */
export class RingKeyChanged extends PeerError {
  /** The key that it has now. */
  readonly ringKey: string;
  readonly pinned: string;

  constructor(server: string, pinned: string, ringKey: string) {
    super(
      'ring-key-changed',
      `The Discovery node at ${server} proves itself with another key than at the first visit (then ${shownKey(pinned)}, now ${shownKey(ringKey)}): it was set up anew, or something else answers in its place. Accept the new key only if you know why it changed.`,
    );
    this.ringKey = ringKey;
    this.pinned = pinned;
  }
}

export class RingPins {
  readonly #settings: Settings;
  readonly #server: string;

  /** `server`: the Discovery node's address. */
  constructor(settings: Settings, server: string) {
    this.#settings = settings;
    this.#server = server;
  }

  /** Rejects with a RingKeyChanged unless the key is the known one, there is none, or it is `accepted` by the user. */
  async check(ringKey: string, accepted: string | 'any' | undefined): Promise<void> {
    const pinned = (await this.#pins()).find(({ server }) => server === this.#server)?.ringKey;
    if (pinned === undefined || pinned === ringKey || accepted === 'any' || accepted === ringKey) return;
    throw new RingKeyChanged(this.#server, pinned, ringKey);
  }

  /** Remembers the key, once a certificate has proved it. */
  async pin(ringKey: string): Promise<void> {
    const pins = await this.#pins();
    if (pins.some((pin) => pin.server === this.#server && pin.ringKey === ringKey)) return;
    const others = pins.filter(({ server }) => server !== this.#server);
    await this.#settings.set(RING_KEYS, [{ server: this.#server, ringKey }, ...others].slice(0, MAX_PINS));
  }

  async #pins(): Promise<readonly Pin[]> {
    const result = v.safeParse(pinsSchema, await this.#settings.get(RING_KEYS));
    return result.success ? result.output : [];
  }
}

/** As much of a key as people compare. */
export function shownKey(ringKey: string): string {
  return `${ringKey.slice(0, SHOWN_CHARACTERS)}…`;
}
