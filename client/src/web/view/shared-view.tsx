// The question whether what came from another app or page is to be stored.

import type { PageModel } from '../model/page-model.ts';
import { sharedNames, sharesOf } from '../model/shares.ts';
import { troubleWords } from '../text/words/en/trouble.ts';

/** Names that are said; of the others their number. */
const MAX_NAMES = 3;
/** Characters of a name or text: nobody reads more to recognise it. */
const MAX_SHOWN = 80;

export function SharedQuestions({ model }: { readonly model: PageModel }) {
  const words = troubleWords();
  return (
    <>
      {sharesOf(model).asked.value.map((share) => {
        const names = sharedNames(share);
        const said = names
          .slice(0, MAX_NAMES)
          .map((name) => (name.length > MAX_SHOWN ? `${name.slice(0, MAX_SHOWN)}…` : name));
        const more = names.length - said.length;
        return (
          <div key={share.id} class="notice shared-question" role="alert">
            <p>{words.sharedQuestion([...said, ...(more > 0 ? [words.moreFiles(more)] : [])].join(', '))}</p>
            <div class="actions">
              <button type="button" onClick={() => share.answer(true)}>
                {words.sharedYes}
              </button>
              <button type="button" class="quiet" onClick={() => share.answer(false)}>
                {words.sharedNo}
              </button>
            </div>
          </div>
        );
      })}
    </>
  );
}
