// What the user has typed and chosen, which is still there when they come back to a place of the page.

import { signal } from '@preact/signals';
import type { StoreOptions } from '../../peer/api.ts';

export class Drafts {
  /** Files are stored readable for everybody, and found by name. */
  readonly isPublic;
  /** For how long files are kept, milliseconds; undefined: as long as this tab renews them. */
  readonly keptMs = signal<number | undefined>(undefined);
  /** How many of the own files are drawn. */
  readonly ownShown = signal(0);
  /** The link, id or name of a file. */
  readonly wanted = signal('');
  /** The key of a lookup. */
  readonly key = signal('');
  /** Which events are listed: a topic of them, or all. */
  readonly topic = signal('all');
  /** A command that is being typed. */
  readonly command = signal('');

  constructor(isPublic: boolean) {
    this.isPublic = signal(isPublic);
  }

  /** As what is given now is to be stored. */
  get storeOptions(): StoreOptions {
    return { isPublic: this.isPublic.peek(), keptMs: this.keptMs.peek() };
  }
}
