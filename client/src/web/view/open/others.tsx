// What else was opened in this tab: each can be shown again, or closed, which frees its memory.

import { openMoreWords } from '../../text/words/en/open-more.ts';
import { useKeptFocus } from '../kept-focus.ts';
import type { PlaceProps } from '../places.tsx';

export function OthersOpened({ model }: PlaceProps) {
  const { downloads } = model;
  const others = downloads.list.value.filter((other) => other !== downloads.before);
  const words = openMoreWords();
  const section = useKeptFocus<HTMLElement>();
  return (
    <section class="card" aria-labelledby="others-title" ref={section}>
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
              <button
                type="button"
                class="small quiet"
                aria-label={words.closeFile(name)}
                onClick={() => downloads.dismiss(other)}
              >
                {words.close}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
