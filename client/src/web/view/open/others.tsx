// What else was opened in this tab, each with a button that shows it again.

import { openWords } from '../../text/words/en/open.ts';
import type { PlaceProps } from '../places.tsx';

export function OthersOpened({ model }: PlaceProps) {
  const others = model.downloads.list.value.filter((other) => other !== model.downloads.before);
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
