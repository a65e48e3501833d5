// What a page and its page worker say to each other: what other apps have shared, and that it was taken.

/** One thing of a share, in the order in which it was given. */
export type SharedItem =
  | { readonly kind: 'file'; readonly file: File }
  /** A text or an address. */
  | { readonly kind: 'text'; readonly text: string }
  /** It could not wait, for want of room most likely. `name`: empty if not even that could be read. */
  | { readonly kind: 'refused'; readonly name: string };

/** What came at once from another app. */
export interface Share {
  readonly id: string;
  readonly items: readonly SharedItem[];
}

/** Of the page to the worker. */
export type ToPageWorker =
  /** What waits? Comes with a port for the answer, a list of shares. */
  | { readonly type: 'shares' }
  /** It need not wait any longer. */
  | { readonly type: 'taken'; readonly id: string };
