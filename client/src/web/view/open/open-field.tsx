// The field to open a file by its link, its id or, if it is public, its name.

import { nameSearchOf } from '../../model/name-search.ts';
import type { PageModel } from '../../model/page-model.ts';
import { isLinkOrId } from '../../text/wanted.ts';
import { openMoreWords } from '../../text/words/en/open-more.ts';
import { PartView } from '../places.tsx';

export function OpenField({ model }: { readonly model: PageModel }) {
  const words = openMoreWords();
  const { wanted } = model.drafts;
  const submit = (event: Event): void => {
    event.preventDefault();
    const text = wanted.value.trim();
    if (isLinkOrId(text)) model.open(text);
    else if (text !== '') void nameSearchOf(model).search(text);
    wanted.value = '';
  };
  return (
    <section class="card" id="fetch" aria-labelledby="fetch-title">
      <h2 id="fetch-title">{words.title}</h2>
      <form class="one-line" onSubmit={submit}>
        <label for="fetch-input">{words.field}</label>
        <input
          id="fetch-input"
          type="text"
          required
          autocomplete="off"
          spellcheck={false}
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        <button type="submit">{words.open}</button>
      </form>
      <PartView model={model} part="name-search" />
    </section>
  );
}
