// What other apps have shared with the page: stored as if it had been dropped here, or asked about first if it may come from
// somebody else than this browser's user.

import { type ReadonlySignal, signal } from '@preact/signals';
import type { Share, SharedItem } from '../../page-worker/messages.ts';
import { PeerError } from '../../peer/errors.ts';
import { isLinkOrId } from '../text/wanted.ts';
import { troubleWords } from '../text/words/en/trouble.ts';
import { madeFor } from './made-for.ts';
import type { PageModel } from './page-model.ts';

/** A share that its user is asked about. */
export interface AskedShare extends Share {
  /** Calls it wanted or not. */
  answer(isWanted: boolean): void;
}

type Receiver = Pick<PageModel, 'drafts' | 'uploads' | 'open' | 'go'>;

class Shares {
  readonly #asked = signal<readonly AskedShare[]>([]);

  get asked(): ReadonlySignal<readonly AskedShare[]> {
    return this.#asked;
  }

  /** Resolves when all of it is stored, has failed, or is not wanted. `isSure`: it is this browser's user who has shared it. */
  async take(share: Share, receiver: Receiver, isSure: boolean): Promise<void> {
    if (isSure || (await this.#ask(share))) await store(share.items, receiver);
  }

  async #ask(share: Share): Promise<boolean> {
    const isWanted = await new Promise<boolean>((answer) => {
      this.#asked.value = [...this.#asked.peek(), { ...share, answer }];
    });
    this.#asked.value = this.#asked.peek().filter(({ id }) => id !== share.id);
    return isWanted;
  }
}

export const sharesOf = madeFor(() => new Shares());

async function store(items: readonly SharedItem[], receiver: Receiver): Promise<void> {
  const { drafts, uploads } = receiver;
  const options = drafts.storeOptions;
  receiver.go('#/');
  // The list shows a failure.
  await Promise.allSettled(
    items.map(async (item) => {
      if (item.kind === 'refused') uploads.refuse(item.name || troubleWords().sharedUnknown, refusal());
      else if (item.kind === 'file') await uploads.store(item.file, options);
      else if (isLinkOrId(item.text)) receiver.open(item.text);
      else await uploads.store(textFile(item.text), options);
    }),
  );
}

function refusal(): PeerError {
  return new PeerError('storage', 'It could not be read, or there was no room for it to wait: choose it on this page.');
}

function textFile(text: string): File {
  return new File([text], troubleWords().sharedName, { type: 'text/plain' });
}

/** The names of what is shared, or the text itself. */
export function sharedNames({ items }: Pick<Share, 'items'>): readonly string[] {
  return items.map((item) =>
    item.kind === 'file'
      ? item.file.name
      : item.kind === 'text'
        ? item.text
        : item.name || troubleWords().sharedUnknown,
  );
}
