// What two nodes have to say to each other through a third, which can neither read nor change it: the gates of the two
// (gate/) seal and open it, and the core of the third carries it as it is.

export interface Sealed {
  /** The sender's certificate as text (trust/certificate.ts). */
  readonly certificate: string;
  /** Grows with each message that its sender seals in one life: none is taken twice. */
  readonly number: number;
  /** base64url. */
  readonly text: string;
}
