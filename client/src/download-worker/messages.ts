// What a page and its download worker say to each other.

/** Of the page to the worker; the first comes with a port for the download. */
export type ToWorker =
  | {
      readonly type: 'download';
      /** In the address at which the browser asks for it; nobody can guess it. */
      readonly id: string;
      readonly name: string;
      /** Bytes. */
      readonly size: number;
    }
  /** Keeps the worker alive: browsers end one that hears nothing for half a minute. */
  | { readonly type: 'stay' };

/** Of the worker over a download's port. */
export type FromDownload =
  /** The browser may ask for it now. */
  | { readonly type: 'ready' }
  /** The browser has room for the next bytes. */
  | { readonly type: 'more' }
  /** The browser, or its user, has given the download up. */
  | { readonly type: 'given-up' };

/** Of the page over a download's port. */
export type ToDownload =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end' }
  /** The rest does not come: the browser's download fails, and is no shorter file. */
  | { readonly type: 'broken' };
