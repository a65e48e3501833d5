// Which numbers of one sender's were taken already (as in IPsec, RFC 4303, section 3.4.3): each counts once. Messages may
// overtake each other, since several nodes carry them, but not by more than the window.

/** Numbers behind the highest that may still come. A sender's number grows with each message that it seals, for whomever. */
export const REPLAY_WINDOW = 1_024;
const BITS = 32;

export class ReplayWindow {
  readonly #taken = new Uint32Array(REPLAY_WINDOW / BITS);
  #highest = 0;

  /** False for a number that was taken, or came too late for this to be known. */
  isFresh(number: number): boolean {
    if (number > this.#highest) return true;
    return number > this.#highest - REPLAY_WINDOW && !this.#has(number);
  }

  take(number: number): void {
    if (number > this.#highest + REPLAY_WINDOW) this.#taken.fill(0);
    else for (let skipped = this.#highest + 1; skipped < number; skipped += 1) this.#set(skipped, false);
    this.#highest = Math.max(this.#highest, number);
    this.#set(number, true);
  }

  #has(number: number): boolean {
    const { word, bit } = placeOf(number);
    return ((this.#taken[word] ?? 0) & bit) !== 0;
  }

  #set(number: number, isTaken: boolean): void {
    const { word, bit } = placeOf(number);
    const before = this.#taken[word] ?? 0;
    this.#taken[word] = isTaken ? before | bit : before & ~bit;
  }
}

function placeOf(number: number): { readonly word: number; readonly bit: number } {
  const index = number % REPLAY_WINDOW;
  return { word: Math.floor(index / BITS), bit: 1 << (index % BITS) };
}
