// The mouth of one attempt at a link: signs what it says and hands it to the post. Only the latest words count, since they
// hold all that was said before; after the end none of them leaves, however late the signature comes.

import type { SignalWay } from '../peer/ports.ts';
import { encodeSignal, type Signal } from './signal.ts';
import { SignalPost, type SignalPostOptions } from './signal-post.ts';

export interface SignedPostOptions extends SignalPostOptions {
  readonly sign: (body: string) => Promise<string>;
}

export class SignedPost {
  readonly #sign: SignedPostOptions['sign'];
  readonly #lost: SignedPostOptions['lost'];
  readonly #post: SignalPost;
  #latest = 0;

  constructor({ sign, ...options }: SignedPostOptions) {
    this.#sign = sign;
    this.#lost = options.lost;
    this.#post = new SignalPost(options);
  }

  /** Says it, as soon as it is signed. */
  say(words: Signal): void {
    this.#latest += 1;
    const number = this.#latest;
    this.#sign(encodeSignal(words)).then(
      (text) => {
        if (number === this.#latest) this.#post.send(text);
      },
      (error: unknown) => {
        if (number === this.#latest) this.#lost(`cannot sign: ${String(error)}`, false);
      },
    );
  }

  /** The way that works, as far as is known. */
  get way(): SignalWay {
    return this.#post.way;
  }

  repeat(): void {
    this.#post.repeat();
  }

  /** A signal of the other end's arrived this way. */
  heard(way: SignalWay): void {
    this.#post.heard(way);
  }

  /** The ring does not know the other end. */
  notHere(): void {
    this.#post.notHere();
  }

  /** What went through the ring was changed on its way. */
  changed(): void {
    this.#post.changed();
  }

  /** Says nothing any more. */
  end(): void {
    this.#latest += 1;
    this.#post.end();
  }
}
