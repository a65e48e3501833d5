// The place of who was sent a link: the file, and one button. What else was opened in this tab is below.

import type { Download } from '../../model/downloads.ts';
import type { PageModel } from '../../model/page-model.ts';
import { openWords } from '../../text/words/en/open.ts';
import { PartView, type PlaceProps } from '../places.tsx';
import { OpenedFile } from './file.tsx';

export function OpenPlace({ model }: PlaceProps) {
  const file = model.downloads.before;
  const others = model.downloads.list.value.filter((other) => other !== file);
  return (
    <div class="open">
      {file === undefined ? (
        <PartView model={model} part="open-field" />
      ) : (
        <OpenedFile key={file.source} download={file} model={model} />
      )}
      {others.length === 0 ? null : <Others model={model} others={others} />}
    </div>
  );
}

function Others({ model, others }: { readonly model: PageModel; readonly others: readonly Download[] }) {
  const words = openWords();
  return (
    <section class="card" aria-labelledby="others-title">
      <h2 id="others-title">{words.others}</h2>
      <ul class="list" id="other-files">
        {others.map((other) => {
          const name = other.head.value?.name ?? other.transfer.label;
          return (
            <li key={other} class="id-row">
              <span class="clipped">{name}</span>
              <button
                type="button"
                class="small quiet"
                aria-label={words.showFile(name)}
                onClick={() => model.open(other.source)}
              >
                {words.show}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
